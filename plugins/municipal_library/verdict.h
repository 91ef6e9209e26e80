// Whether a file is what its issuer issued, as the library says.
#pragma once

#include <string_view>

#include "caller.h"
#include "certbridge/query.h"

namespace certbridge::municipal_library {

// A result that the dialect does not name, and a certificate that the library does not know, are
// "cannot tell". Codes: those of LibraryCaller::ask(), "municipal.not_offered".
Result<VerifyAnswer> verify_file(LibraryCaller& caller, const VerifyQuestion& question,
                                 std::string_view file, const Call& call);

}  // namespace certbridge::municipal_library

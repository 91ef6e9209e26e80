// Whether a file is what its issuer issued, as the library says.
#pragma once

#include <memory>

#include "caller.h"
#include "certbridge/query.h"

namespace certbridge::municipal_library {

// A result that the dialect does not name, and a certificate that the library does not know, are
// "cannot tell". The file is in memory only where the dialect signs or encrypts. Codes: those of
// LibraryCaller::ask(), "municipal.not_offered", "content.too_large" (above `largest` bytes).
Result<VerifyAnswer> verify_file(LibraryCaller& caller, const VerifyQuestion& question,
                                 const std::shared_ptr<const Content>& file, std::uint64_t largest,
                                 const Call& call);

}  // namespace certbridge::municipal_library

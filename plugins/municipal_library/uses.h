// The library's log of uses, as far as its dialect lets it be read.
#pragma once

#include <string>
#include <vector>

#include "caller.h"
#include "certbridge/uses.h"
#include "dialect.h"
#include "values.h"

namespace certbridge::municipal_library {

// The uses of the entries of one answer. What is ours is known by the name under which the library
// knows its caller; type and issuer that it does not tell are taken from the certificate's
// identifier (GB/T 36904). A text that cannot be one is left out.
std::vector<LoggedUse> read_logged_uses(const Dialect& dialect, const std::string& client_id,
                                        const std::vector<Texts>& entries);

// The body by which the library is told of these rows, in its dialect, without a head.
// "municipal.not_offered" where the dialect has no form for it.
Result<std::string> write_usage_form(const Dialect& dialect, const std::vector<UsageRow>& rows);

// One page of the log of a day; nothing is offered where the dialect has no call for it.
Result<UsesPage> ask_uses(LibraryCaller& caller, const std::string& client_id,
                          const UsesQuestion& question, const Call& call);

}  // namespace certbridge::municipal_library

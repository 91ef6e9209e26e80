// What a library found, as certificates of the query contract.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer.h"
#include "certbridge/query.h"
#include "dialect.h"

namespace certbridge::municipal_library {

// The one word of ours for a word of the library's: of several that it has one for, the one that
// says least ("valid" before "mortgaged", "cancelled" before "revoked"); what a later version took
// the place of is cancelled. Empty for what the dialect does not name and what is in the works.
std::string status_of(const Dialect& dialect, const std::string& said, bool replaced);

// "2026-06-01" of a date in any usual form, whatever follows it; empty for anything else.
std::string day_of(std::string_view text);

// The certificates of an answer, at most kMostFound. What is not a member that the dialect names
// becomes a field, in its order; texts above 4 kB (a portrait as Base64) are left out. Codes:
// "municipal.too_much" (more certificates or fields than a FindAnswer holds), "municipal.garbled"
// (an entry without identifier and number, or with a member that is longer than it can be).
Result<std::vector<FoundCertificate>> read_found(const Dialect& dialect, const Answer& answer);

// When the data of the answer were so, where the dialect names it and it is a time.
std::optional<Timestamp> data_time(const Dialect& dialect, const Answer& answer);

}  // namespace certbridge::municipal_library

// Whether all rows of a booking are there, by what its kind of message must have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "certbridge/context.h"
#include "certbridge/record.h"
#include "profile/profile.h"

namespace certbridge::provincial_platform {

// Tables without a row that the booking's message must have, in the order of the profile; the table
// of the right is "(the right)" while there is no row of any table. Empty when all are there, and
// for facts that are of no kind of message, as with a code that nobody knows: whoever makes the
// message says at once what is wrong. `facts` begins with the set "head" and its row.
std::vector<std::string> missing_tables(const Profile& profile,
                                        const std::vector<RecordSet>& facts);

// "A, B, C".
std::string listed(const std::vector<std::string>& names);

// Rows that a booking needs before a message is made of it.
struct AwaitedRows {
  std::vector<std::string> sets{};   // of these one each: the option `await`
  std::optional<Profile> profile{};  // and of the tables that it says: `profile` and `patch`
};
// Codes of the configuration, of parse_profile() and of parse_patch(); "provincial.option" for a
// patch without a profile.
Result<AwaitedRows> awaited_rows(const Config& config);
// "provincial.incomplete" while the facts of a booking lack one.
Result<void> check_complete(const std::vector<RecordSet>& facts, const AwaitedRows& awaited);

}  // namespace certbridge::provincial_platform

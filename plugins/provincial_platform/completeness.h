// Whether all rows of a booking are there, by what its kind of message must have.
#pragma once

#include <string>
#include <vector>

#include "certbridge/record.h"
#include "profile.h"

namespace certbridge::provincial_platform {

// Tables without a row that the booking's message must have, in the order of the profile; the table
// of the right is "(the right)" while nothing says which one it is. Empty when all are there, and
// for facts of which no row to come can make a message: whoever makes the message says what is
// wrong. `facts` begins with the set "head" and its row.
std::vector<std::string> missing_tables(const Profile& profile,
                                        const std::vector<RecordSet>& facts);

// "A, B, C".
std::string listed(const std::vector<std::string>& names);

}  // namespace certbridge::provincial_platform

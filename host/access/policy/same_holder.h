// Whether two texts mean the same holder.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/query.h"

namespace certbridge::host {

// A citizen's number of 15 digits is completed; width, blanks and case make no difference.
std::string comparable_code(std::string_view code);
// By code type and code, and by name where `wanted` has one; never by an empty code. A `found`
// without code type counts where the code tells by its check digits what it is: a citizen's number
// or a credit code.
bool is_same_holder(const QueriedHolder& wanted, const QueriedHolder& found);

}  // namespace certbridge::host

// The normal form of a holder's code.
#pragma once

#include <string>
#include <string_view>

namespace certbridge::host {

// A citizen's number of 15 digits is completed; width, blanks and case make no difference. Holders
// are compared, searched for and forgotten by it.
std::string comparable_code(std::string_view code);

}  // namespace certbridge::host

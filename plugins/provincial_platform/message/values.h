// Values of facts as the platform writes them.
#pragma once

#include <string>
#include <string_view>

#include "profile/profile.h"

namespace certbridge::provincial_platform {

// A value, or the rule that it breaks, in words that do not repeat it.
struct WireValue {
  std::string text{};
  std::string broken{};  // empty: `text` counts
};

// A decimal without exponent, rounded half up to a fixed number of places: "101.165" is "101.17".
WireValue decimal_value(std::string_view text, int decimals);
// A year, a day, or a day and a time, with "T" or a blank, with zone or in local time of +08:00, as
// "2024-03-18T10:30:18" and `suffix`.
WireValue time_value(std::string_view text, std::string_view suffix);
// By type; a text is taken as it is when it is one.
WireValue wire_value(ValueType type, std::string_view text, int decimals,
                     std::string_view time_suffix);

}  // namespace certbridge::provincial_platform

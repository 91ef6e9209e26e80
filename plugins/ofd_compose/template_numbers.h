// Attribute values of templates.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "certbridge_ofd/measure.h"

namespace certbridge::ofd_compose {

// Millimetres with at most three digits behind the point, from -1000 to 1000.
std::optional<ofd::Length> parse_length(std::string_view text);
// Exactly `count` lengths with single blanks between.
std::optional<std::vector<ofd::Length>> parse_lengths(std::string_view text, std::size_t count);
std::optional<int> parse_whole(std::string_view text, int least, int most);
// "176 24 32"
std::optional<ofd::Colour> parse_colour(std::string_view text);

}  // namespace certbridge::ofd_compose

// Attribute values of pages made by anyone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certbridge::ofd {

// Finite decimal numbers within a million, separated by blanks; nothing when one is not, or when
// there are more than `most`.
std::optional<std::vector<double>> parse_numbers(std::string_view text, std::size_t most);
// Four numbers, width and height not negative, all within 10 m.
std::optional<std::vector<double>> parse_box(std::string_view text);
// Advances with "g count value" written out; nothing above 100 000.
std::optional<std::vector<double>> parse_advances(std::string_view text);
// AbbreviatedData as an SVG path; empty when it has anything unknown.
std::string to_svg_path(std::string_view data);
// Three digits behind the point at most.
void append_number(std::string& out, double number);
std::string base64(std::string_view bytes);
// "image/png", "image/jpeg", or empty for anything else.
std::string_view picture_type(std::string_view bytes);

}  // namespace certbridge::ofd

// Pieces of an SVG picture as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/xml.h"

namespace certbridge::ofd {

using Numbers = std::vector<double>;

inline constexpr std::size_t kLargestPicture = 128UL * 1024 * 1024;  // bytes of SVG

// The number of an OFD attribute; `otherwise` when it is none.
double number_or(const XmlElement& element, std::string_view name, double otherwise);

void append_attribute(std::string& svg, const char* name, double value);
// Opens <g> at the object's place, with its matrix and opacity.
void open_group(std::string& svg, const XmlElement& object, const Numbers& box);
// The attribute `name` and its opacity, from an OFD colour; `otherwise` when there is none.
void append_colour(std::string& svg, const char* name, const XmlElement* colour,
                   const char* otherwise);
// An <image> with the bytes inside; nothing when they are no picture, or make the SVG too large.
void append_picture(std::string& svg, const std::string& bytes, double width, double height);

}  // namespace certbridge::ofd

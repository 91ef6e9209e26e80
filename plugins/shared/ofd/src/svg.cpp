#include "svg.h"

#include <algorithm>
#include <cmath>

#include "render_values.h"

namespace certbridge::ofd {
namespace {

// Four digits: the factors of a turn are small and are multiplied by the size of the page.
void append_matrix(std::string& svg, double factor) {
  std::string digits = std::to_string(std::llround(std::abs(factor) * 10'000));
  if (digits.size() < 5) digits.insert(0, 5 - digits.size(), '0');
  digits.insert(digits.size() - 4, ".");
  svg += (factor < 0 ? "-" : "") + digits;
}

}  // namespace

double number_or(const XmlElement& element, std::string_view name, double otherwise) {
  const auto numbers = parse_numbers(element.attribute_or_empty(name), 1);
  return numbers && numbers->size() == 1 ? numbers->front() : otherwise;
}

void append_attribute(std::string& svg, const char* name, double value) {
  svg += ' ';
  svg += name;
  svg += "=\"";
  append_number(svg, value);
  svg += '"';
}

void open_group(std::string& svg, const XmlElement& object, const Numbers& box) {
  svg += "<g transform=\"translate(";
  append_number(svg, box[0]);
  svg += ' ';
  append_number(svg, box[1]);
  svg += ')';
  const auto matrix = parse_numbers(object.attribute_or_empty("CTM"), 6);
  if (matrix && matrix->size() == 6) {
    svg += " matrix(";
    for (std::size_t i = 0; i < 6; ++i) {
      if (i > 0) svg += ' ';
      append_matrix(svg, (*matrix)[i]);
    }
    svg += ')';
  }
  svg += '"';
  const double alpha = number_or(object, "Alpha", 255);
  if (alpha >= 0 && alpha < 255) append_attribute(svg, "opacity", alpha / 255);
  svg += '>';
}

void append_colour(std::string& svg, const char* name, const XmlElement* colour,
                   const char* otherwise) {
  const auto values =
      colour == nullptr ? std::nullopt : parse_numbers(colour->attribute_or_empty("Value"), 3);
  svg += ' ';
  svg += name;
  svg += "=\"";
  if (values && values->size() == 3) {
    svg += "rgb(";
    for (std::size_t i = 0; i < 3; ++i) {
      if (i > 0) svg += ',';
      svg += std::to_string(static_cast<int>(std::clamp((*values)[i], 0.0, 255.0)));
    }
    svg += ')';
  } else {
    svg += otherwise;
  }
  svg += '"';
  const double alpha = colour == nullptr ? 255 : number_or(*colour, "Alpha", 255);
  if (alpha < 255)
    append_attribute(svg, (std::string(name) + "-opacity").c_str(), std::max(alpha, 0.0) / 255);
}

void append_picture(std::string& svg, const std::string& bytes, double width, double height) {
  const std::string_view type = picture_type(bytes);
  if (type.empty() || svg.size() + bytes.size() * 4 / 3 > kLargestPicture) return;
  svg += "<image preserveAspectRatio=\"none\"";
  append_attribute(svg, "width", width);
  append_attribute(svg, "height", height);
  svg += " xlink:href=\"data:" + std::string(type) + ";base64," + base64(bytes) + "\"/>";
}

}  // namespace certbridge::ofd

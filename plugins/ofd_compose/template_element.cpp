#include "template_element.h"

#include <map>

#include "certbridge/text.h"
#include "template_numbers.h"

namespace certbridge::ofd_compose {

void ElementReader::fail(const XmlElement& element, const std::string& why) {
  if (error_) return;
  error_ = Error::fault("ofd_compose.template", file_ + ":" + std::to_string(element.line) + ":" +
                                                    std::to_string(element.column) + ": <" +
                                                    element.name + "> " + shortened(why));
}

std::string ElementReader::need(const XmlElement& element, const char* name) {
  const XmlAttribute* attribute = element.attribute(name);
  if (attribute == nullptr || attribute->value.empty()) {
    fail(element, "needs the attribute \"" + std::string(name) + "\"");
    return {};
  }
  return attribute->value;
}

void ElementReader::allow(const XmlElement& element,
                          std::initializer_list<std::string_view> names) {
  for (const XmlAttribute& attribute : element.attributes) {
    bool known = false;
    for (const std::string_view name : names) known = known || attribute.name == name;
    if (!known) fail(element, "has no attribute \"" + attribute.name + "\"");
  }
}

ofd::Length ElementReader::length(const XmlElement& element, const char* name) {
  const auto value = parse_length(need(element, name));
  if (!value || *value <= 0)
    fail(element, "\"" + std::string(name) + "\" must be millimetres above 0");
  return value.value_or(1);
}

ofd::Box ElementReader::box(const XmlElement& element, const char* name) {
  const auto values = parse_lengths(need(element, name), 4);
  if (!values || (*values)[2] < 0 || (*values)[3] < 0) {
    fail(element, "\"" + std::string(name) + "\" must be \"x y width height\" in millimetres");
    return {};
  }
  return {(*values)[0], (*values)[1], (*values)[2], (*values)[3]};
}

ofd::Colour ElementReader::colour(const XmlElement& element) {
  if (element.attribute("colour") == nullptr) return {};
  const auto value = parse_colour(element.attribute_or_empty("colour"));
  if (!value) fail(element, "\"colour\" must be \"red green blue\", each from 0 to 255");
  return value.value_or(ofd::Colour{});
}

int ElementReader::whole(const XmlElement& element, const char* name, int least, int most,
                         int otherwise) {
  if (element.attribute(name) == nullptr) return otherwise;
  const auto value = parse_whole(element.attribute_or_empty(name), least, most);
  if (!value) {
    fail(element, "\"" + std::string(name) + "\" must be a whole number from " +
                      std::to_string(least) + " to " + std::to_string(most));
  }
  return value.value_or(otherwise);
}

Align ElementReader::align(const XmlElement& element) {
  static const std::map<std::string, Align> kWords{{"", Align::kLeft},
                                                   {"left", Align::kLeft},
                                                   {"centre", Align::kCentre},
                                                   {"right", Align::kRight},
                                                   {"spread", Align::kSpread}};
  const auto found = kWords.find(element.attribute_or_empty("align"));
  if (found != kWords.end()) return found->second;
  fail(element, "\"align\" must be left, centre, right or spread");
  return Align::kLeft;
}

bool ElementReader::vertical_middle(const XmlElement& element, bool otherwise) {
  const std::string word = element.attribute_or_empty("vertical");
  if (!word.empty() && word != "middle" && word != "top")
    fail(element, "\"vertical\" must be top or middle");
  return word.empty() ? otherwise : word == "middle";
}

}  // namespace certbridge::ofd_compose

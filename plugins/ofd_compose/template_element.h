// Attributes of a template's elements, read strictly.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/xml.h"
#include "template.h"

namespace certbridge::ofd_compose {

// Reads one document. The first mistake stays, with file, line and column; what is answered after
// it has no meaning.
class ElementReader {
 public:
  explicit ElementReader(std::string_view file) : file_(file) {}

  void fail(const XmlElement& element, const std::string& why);
  // The attribute's text; its absence is a mistake.
  std::string need(const XmlElement& element, const char* name);
  // Any other attribute is a mistake.
  void allow(const XmlElement& element, std::initializer_list<std::string_view> names);
  ofd::Length length(const XmlElement& element, const char* name);
  ofd::Box box(const XmlElement& element, const char* name);
  ofd::Colour colour(const XmlElement& element);  // black when there is none
  int whole(const XmlElement& element, const char* name, int least, int most, int otherwise);
  Align align(const XmlElement& element);  // left when there is none

  // Whether `vertical` says middle rather than top; `otherwise` when there is none.
  bool vertical_middle(const XmlElement& element, bool otherwise);

  const std::optional<Error>& error() const { return error_; }

 private:
  std::string file_;
  std::optional<Error> error_{};
};

}  // namespace certbridge::ofd_compose

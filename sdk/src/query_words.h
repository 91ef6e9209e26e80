// What the documents of questions and their answers have in common: writing of attributes, and
// strict reading (certbridge/query.h).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/query.h"
#include "certbridge/xml.h"

#pragma GCC visibility push(hidden)
namespace certbridge::query {

// Of one list that query.h does not bound itself: types, materials, handlers, parties.
inline constexpr std::size_t kMostOfAList = 1000;

// Nothing when the value is empty, or false.
std::string attribute(const char* name, std::string_view value);
std::string flag(const char* name, bool is_set);
std::string opened(const char* root);  // <root xmlns="..." without the closing bracket
std::string asked_for_xml(const AskedFor& it);
// Attributes of a holder; the element's name is the caller's.
std::string holder_attributes(const QueriedHolder& it);
// One element with one attribute for each.
std::string list_xml(const char* element, const char* name, const std::vector<std::string>& values);

Error wrong_shape(const XmlElement& at, const std::string& reason);
Error wrong_value(const XmlElement& at, const std::string& reason);

using Names = std::initializer_list<std::string_view>;
struct Shape {
  Names required{};  // attributes that are there and not empty
  Names optional{};
  Names children{};
  bool text = false;  // it has character data
};
// Namespace, attributes, children and length of texts of this one element.
Result<void> check_shape(const XmlElement& at, const Shape& shape);
// Within the limits of these documents.
Result<XmlElement> parse_query(std::string_view xml);
Result<void> check_root(const XmlElement& root, std::string_view name, const Shape& shape);
// Parsed, and the root is <name> of the shape.
Result<XmlElement> read_root(std::string_view xml, std::string_view name, const Shape& shape);

// "yes" or absent.
Result<bool> read_flag(const XmlElement& at, std::string_view name);
Result<std::vector<std::string>> read_list(const XmlElement& at, std::string_view element,
                                           std::string_view name);
QueriedHolder read_holder(const XmlElement& at);
// The one <asked-for> below the root.
Result<AskedFor> read_asked_for(const XmlElement& root);
// A word of status_word(), or empty.
Result<std::string> read_status(const XmlElement& at);

}  // namespace certbridge::query
#pragma GCC visibility pop

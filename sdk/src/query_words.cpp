#include "query_words.h"

#include <algorithm>

#include "certbridge/life.h"

namespace certbridge::query {
namespace {

constexpr std::string_view kQueryNameSpace = "urn:certbridge:query:1";
constexpr std::size_t kLongestText = 4096;  // bytes
constexpr XmlLimits kLimits{16UL * 1024 * 1024, 3, 100'000};

Error wrong(const char* code, const XmlElement& at, const std::string& reason) {
  return Error::permanent(
      code, "query:" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + reason);
}

bool has(Names names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<void> check_required(const XmlElement& at, Names required) {
  for (const std::string_view name : required) {
    const XmlAttribute* found = at.attribute(name);
    const std::string which = "attribute \"" + std::string(name) + "\" of <" + at.name + ">";
    if (found == nullptr) return wrong_shape(at, which + " is missing");
    if (found->value.empty()) return wrong_value(at, which + " is empty");
  }
  return {};
}

Result<void> check_attributes(const XmlElement& at, const Shape& shape) {
  for (const XmlAttribute& one : at.attributes) {
    if (!has(shape.required, one.name) && !has(shape.optional, one.name)) {
      return wrong_shape(at, "unknown attribute of <" + at.name + ">");
    }
    if (one.value.size() > kLongestText) {
      return wrong_value(
          at, "attribute \"" + one.name + "\" of <" + at.name + "> is longer than 4096 bytes");
    }
  }
  return check_required(at, shape.required);
}

Result<void> check_text_of(const XmlElement& at, const Shape& shape) {
  if (!shape.text && at.text.find_first_not_of(" \t\r\n") != std::string::npos) {
    return wrong_shape(at, "<" + at.name + "> has no place for text");
  }
  if (at.text.size() > kLongestText) {
    return wrong_value(at, "the text of <" + at.name + "> is longer than 4096 bytes");
  }
  return {};
}

}  // namespace

std::string attribute(const char* name, std::string_view value) {
  std::string text;
  if (value.empty()) return text;
  text.reserve(std::char_traits<char>::length(name) + value.size() + 4);
  text.append(" ").append(name).append("=\"");
  const bool stands_for_itself = value.find_first_of("&<>\"'\n\r\t") == std::string_view::npos;
  stands_for_itself ? text.append(value) : text.append(xml_escape(value));
  text += '"';
  return text;
}

std::string flag(const char* name, bool is_set) { return attribute(name, is_set ? "yes" : ""); }

std::string opened(const char* root) {
  return "<" + std::string(root) + attribute("xmlns", kQueryNameSpace);
}

std::string asked_for_xml(const AskedFor& it) {
  return "<asked-for" + attribute("purpose", it.purpose) + attribute("item", it.item) +
         attribute("basis", it.basis) + attribute("unit", it.unit) +
         attribute("person", it.person) + "/>";
}

std::string holder_attributes(const QueriedHolder& it) {
  return attribute("name", it.name) + attribute("code-type", it.code_type) +
         attribute("code", it.code);
}

std::string list_xml(const char* element, const char* name,
                     const std::vector<std::string>& values) {
  std::string xml;
  for (const std::string& one : values) {
    xml += "<" + std::string(element) + attribute(name, one) + "/>";
  }
  return xml;
}

Error wrong_shape(const XmlElement& at, const std::string& reason) {
  return wrong("query.shape", at, reason);
}
Error wrong_value(const XmlElement& at, const std::string& reason) {
  return wrong("query.value", at, reason);
}

Result<void> check_shape(const XmlElement& at, const Shape& shape) {
  if (at.name_space != kQueryNameSpace) {
    return wrong_shape(at, "the namespace must be " + std::string(kQueryNameSpace));
  }
  for (const XmlElement& child : at.children) {
    if (!has(shape.children, child.name)) {
      return wrong_shape(child, "unknown element below <" + at.name + ">");
    }
  }
  if (auto checked = check_attributes(at, shape); !checked) return checked;
  return check_text_of(at, shape);
}

Result<XmlElement> parse_query(std::string_view xml) { return parse_xml(xml, "query", kLimits); }

Result<void> check_root(const XmlElement& root, std::string_view name, const Shape& shape) {
  if (root.name == name) return check_shape(root, shape);
  return wrong_shape(
      root, "the root must be <" + std::string(name) + "> of " + std::string(kQueryNameSpace));
}

Result<XmlElement> read_root(std::string_view xml, std::string_view name, const Shape& shape) {
  auto parsed = parse_query(xml);
  if (!parsed) return parsed;
  if (auto checked = check_root(parsed.value(), name, shape); !checked) return checked.error();
  return parsed;
}

Result<bool> read_flag(const XmlElement& at, std::string_view name) {
  const XmlAttribute* found = at.attribute(name);
  if (found == nullptr) return false;
  if (found->value != "yes") {
    return wrong_value(at, "attribute \"" + std::string(name) + "\" is yes or absent");
  }
  return true;
}

Result<std::vector<std::string>> read_list(const XmlElement& at, std::string_view element,
                                           std::string_view name) {
  std::vector<std::string> values;
  for (const XmlElement* one : at.children_named(element)) {
    if (auto checked = check_shape(*one, {{name}, {}, {}}); !checked) return checked.error();
    if (values.size() == kMostOfAList) {
      return wrong_value(*one, "more than 1000 <" + std::string(element) + ">");
    }
    values.push_back(one->attribute_or_empty(name));
  }
  return values;
}

QueriedHolder read_holder(const XmlElement& at) {
  return {at.attribute_or_empty("name"), at.attribute_or_empty("code-type"),
          at.attribute_or_empty("code")};
}

Result<AskedFor> read_asked_for(const XmlElement& root) {
  const auto found = root.children_named("asked-for");
  if (found.size() != 1) return wrong_shape(root, "<asked-for> must stand there once");
  const XmlElement& at = *found.front();
  if (auto checked = check_shape(at, {{}, {"purpose", "item", "basis", "unit", "person"}, {}});
      !checked) {
    return checked.error();
  }
  return AskedFor{at.attribute_or_empty("purpose"), at.attribute_or_empty("item"),
                  at.attribute_or_empty("basis"), at.attribute_or_empty("unit"),
                  at.attribute_or_empty("person")};
}

Result<std::string> read_status(const XmlElement& at) {
  std::string word = at.attribute_or_empty("status");
  if (word.empty() || word == "suspended" || word == "mortgaged" || status_base_of(word)) {
    return word;
  }
  return wrong_value(at, "attribute \"status\" is none of the words of a status");
}

}  // namespace certbridge::query

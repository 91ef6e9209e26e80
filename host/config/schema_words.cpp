#include "config/schema_words.h"

#include <libxml/xmlerror.h>

#include "config/configuration_error.h"

namespace certbridge::host {
namespace {

// The text between two marks, from `at` on; moves `at` behind the second mark.
std::string between(std::string_view text, std::string_view open, std::string_view close,
                    std::size_t& at) {
  const auto start = text.find(open, at);
  if (start == std::string_view::npos) return {};
  const auto from = start + open.size();
  const auto end = text.find(close, from);
  if (end == std::string_view::npos) return {};
  at = end + close.size();
  return std::string(text.substr(from, end - from));
}

std::string local_name(const std::string& name) {
  const auto brace = name.find('}');
  return brace == std::string::npos ? name : name.substr(brace + 1);
}

// The names in "Expected is one of ( {urn}a, {urn}b )."
std::vector<std::string> expected_names(std::string_view sentence) {
  std::vector<std::string> names;
  std::size_t at = sentence.find("Expected is");
  if (at == std::string_view::npos) return names;
  const std::string list = between(sentence, "( ", " )", at);
  std::size_t start = 0;
  while (start < list.size()) {
    const auto comma = list.find(", ", start);
    names.push_back(local_name(list.substr(start, comma - start)));
    start = comma == std::string::npos ? list.size() : comma + 2;
  }
  return names;
}

std::string tags(const std::vector<std::string>& names, const char* last = " or ") {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? last : ", ";
    text += "<" + names[i] + ">";
  }
  return text;
}

void collect_attributes(const XmlElement& element,
                        std::map<std::string, std::string, std::less<>>& into) {
  for (const XmlElement& child : element.children) {
    if (child.name == "attribute") {
      into[child.attribute_or_empty("name")] = child.attribute_or_empty("type");
    }
    collect_attributes(child, into);
  }
}

void collect_optional(const XmlElement& element, std::set<std::string, std::less<>>& into) {
  for (const XmlElement& child : element.children) {
    const bool optional = child.attribute_or_empty("minOccurs") == "0";
    if (child.name == "element" && optional) into.insert(child.attribute_or_empty("ref"));
    collect_optional(child, into);
  }
}

std::vector<std::string> needed_by(const XmlElement& element) {
  std::vector<std::string> names;
  const XmlElement* type = element.child("complexType");
  const XmlElement* all = type == nullptr ? nullptr : type->child("all");
  if (all == nullptr) return names;
  for (const XmlElement* child : all->children_named("element")) {
    if (child->attribute_or_empty("minOccurs") != "0") {
      names.push_back(child->attribute_or_empty("ref"));
    }
  }
  return names;
}

}  // namespace

SchemaWords::SchemaWords(std::string_view schema, const XmlElement& document)
    : root_(document.name) {
  for (const XmlElement& child : document.children) has_.insert(child.name);
  const Result<XmlElement> root = parse_xml(schema, "schema", XmlLimits{});
  if (!root) return;
  for (const XmlElement* element : root.value().children_named("element")) {
    collect_attributes(*element, attributes_[element->attribute_or_empty("name")]);
    collect_optional(*element, optional_[element->attribute_or_empty("name")]);
    needed_[element->attribute_or_empty("name")] = needed_by(*element);
  }
  for (const XmlElement* type : root.value().children_named("simpleType")) {
    const std::string name = type->attribute_or_empty("name");
    if (const XmlElement* annotation = type->child("annotation")) {
      if (const XmlElement* said = annotation->child("documentation")) {
        documentation_[name] = said->text;
      }
    }
    if (const XmlElement* restriction = type->child("restriction")) {
      for (const XmlElement* value : restriction->children_named("enumeration")) {
        values_[name].push_back(value->attribute_or_empty("value"));
      }
    }
  }
}

std::optional<Explained> SchemaWords::explain(int code, std::string_view message) const {
  while (!message.empty() && message.back() == '\n') message.remove_suffix(1);
  std::size_t at = 0;
  std::string element = local_name(between(message, "Element '", "'", at));
  std::string attribute;
  if (message.substr(at).starts_with(", attribute '")) {
    attribute = local_name(between(message, ", attribute '", "'", at));
  }
  if (message.substr(at).starts_with(": ")) at += 2;
  const std::string_view sentence = message.substr(at);
  switch (code) {
    case XML_SCHEMAV_CVC_ELT_1:
      return Explained{
          element, "this is not the root element of such a file, or its namespace is wrong", {}};
    case XML_SCHEMAV_ELEMENT_CONTENT:
      return unexpected_element(element, sentence);
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
      return unknown_attribute(element, attribute);
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4: {
      std::size_t from = 0;
      return Explained{
          element,
          "attribute `" + local_name(between(sentence, "'", "'", from)) + "` is missing",
          {}};
    }
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3:
      return Explained{element, "text is not allowed here", {}};
    case XML_SCHEMAV_CVC_PATTERN_VALID:
    case XML_SCHEMAV_CVC_ENUMERATION_VALID:
    case XML_SCHEMAV_CVC_MINLENGTH_VALID:
    case XML_SCHEMAV_CVC_MAXLENGTH_VALID:
      return wrong_value(element, attribute, sentence);
    case XML_SCHEMAV_CVC_ATTRIBUTE_3:
      return {};  // repeats one of those above
    default:
      return Explained{element, std::string(sentence), {}};
  }
}

// All of it: the validator stops at the first.
std::vector<std::string> SchemaWords::missing_in(const std::string& element) const {
  std::vector<std::string> missing;
  const auto needed = needed_.find(element);
  if (element != root_ || needed == needed_.end()) return missing;
  for (const std::string& one : needed->second) {
    if (!has_.contains(one)) missing.push_back(one);
  }
  return missing;
}

Explained SchemaWords::unexpected_element(std::string element, std::string_view sentence) const {
  std::vector<std::string> expected = expected_names(sentence);
  if (sentence.starts_with("Missing")) {
    if (const auto missing = missing_in(element); !missing.empty()) {
      return {element,
              tags(missing, " and ") + (missing.size() == 1 ? " is" : " are") + " missing in it",
              {}};
    }
    // What may be left out is not what is missing.
    const auto optional = optional_.find(element);
    std::vector<std::string> needed = expected;
    if (optional != optional_.end()) {
      std::erase_if(needed, [&](const std::string& one) { return optional->second.contains(one); });
    }
    return {element, tags(needed.empty() ? expected : needed) + " is missing in it", {}};
  }
  std::string reason = "this element is not allowed here";
  if (!expected.empty()) reason += "; expected " + tags(expected);
  // The validator leaves long lists out: then any element of the schema may be meant.
  std::vector<std::string> candidates = expected;
  if (candidates.empty()) {
    for (const auto& [name, types] : attributes_) candidates.push_back(name);
  }
  const std::string near = nearest(element, candidates);
  return {std::move(element), std::move(reason),
          near.empty() ? "" : "did you mean <" + near + ">?"};
}

Explained SchemaWords::unknown_attribute(std::string element, const std::string& attribute) const {
  std::vector<std::string> names;
  if (const auto known = attributes_.find(element); known != attributes_.end()) {
    for (const auto& [name, type] : known->second) names.push_back(name);
  }
  const std::string suggestion = did_you_mean(attribute, names);
  return {std::move(element), "unknown attribute `" + attribute + "`", suggestion};
}

Explained SchemaWords::wrong_value(std::string element, const std::string& attribute,
                                   std::string_view sentence) const {
  std::size_t at = 0;
  const std::string value = between(sentence, "The value '", "' is not ", at);
  std::string type;
  if (const auto known = attributes_.find(element); known != attributes_.end()) {
    if (const auto found = known->second.find(attribute); found != known->second.end()) {
      type = found->second;
    }
  }
  const auto documentation = documentation_.find(type);
  const auto values = values_.find(type);
  std::string reason = "attribute `" + attribute + "`: ";
  // Sentences about lengths do not show the value.
  reason += at == 0 ? "this is not " : "`" + value + "` is not ";
  reason += documentation == documentation_.end() ? "of type " + type : documentation->second;
  const std::string suggestion =
      values == values_.end() ? std::string() : did_you_mean(value, values->second);
  return {std::move(element), std::move(reason), suggestion};
}

}  // namespace certbridge::host

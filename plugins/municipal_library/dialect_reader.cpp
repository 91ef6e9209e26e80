#include "dialect_reader.h"

#include <charconv>

#include "certbridge/text.h"
#include "values.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kWidest = 18;
constexpr std::size_t kMostLongest = 1'000'000;
const Words<Field::Shape> kShapes{{"", Field::Shape::kText},
                                  {"text", Field::Shape::kText},
                                  {"integer", Field::Shape::kInteger},
                                  {"object", Field::Shape::kObject},
                                  {"json-text", Field::Shape::kJsonText}};

}  // namespace

void DialectReader::fail(const XmlElement& at, const std::string& why) {
  if (error_) return;
  error_ = Error::fault("dialect.shape", file_ + ":" + std::to_string(at.line) + ":" +
                                             std::to_string(at.column) + ": " + at.name + ": " +
                                             shortened(why));
}

std::string DialectReader::needed(const XmlElement& element, const char* name) {
  const XmlAttribute* found = element.attribute(name);
  if (found == nullptr || found->value.empty()) {
    fail(element, std::string("the attribute ") + name + " is missing or empty");
    return {};
  }
  return found->value;
}

std::chrono::seconds DialectReader::duration(const XmlElement& element, const char* name) {
  const std::string text = needed(element, name);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::int64_t factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (problem != std::errc() || factor == 0 || number < 0 || number > 1'000'000) {
    fail(element, std::string("the attribute ") + name + " is not a duration as 5m");
    return {};
  }
  return std::chrono::seconds(number * factor);
}

void DialectReader::check_source(const XmlElement& at, const Field& field) {
  if (field.from.empty()) return;
  if (!is_value_source(field.from)) {
    fail(at, "\"" + field.from + "\" is not a source of values");
  }
  if (is_date_source(field.from) && field.form.empty()) fail(at, "a date needs a form");
}

std::size_t DialectReader::read_longest(const XmlElement& element) {
  const std::string text = element.attribute_or_empty("longest");
  if (text.empty()) return 0;
  std::size_t longest = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), longest);
  if (problem != std::errc() || end != text.data() + text.size() || longest == 0 ||
      longest > kMostLongest) {
    fail(element, "the attribute longest is not a number of characters up to a million");
  }
  return longest;
}

Field DialectReader::read_field(const XmlElement& element) {
  Field field;
  field.name = needed(element, "name");
  field.from = element.attribute_or_empty("from");
  field.text = element.attribute_or_empty("text");
  field.form = element.attribute_or_empty("form");
  field.open_end = element.attribute_or_empty("open-end");
  field.suffix = element.attribute_or_empty("suffix");
  field.empty = element.attribute_or_empty("empty");
  field.shape = word(element, "as", kShapes);
  const std::string width = element.attribute_or_empty("width");
  if (!width.empty()) std::from_chars(width.data(), width.data() + width.size(), field.width);
  if (field.width > kWidest) fail(element, "the width is above 18");
  field.longest = read_longest(element);
  for (const XmlElement& part : element.children) {
    if (part.name != "field" || !part.children.empty()) fail_unknown(part);
    field.parts.push_back(read_field(part));
  }
  const int given =
      (field.from.empty() ? 0 : 1) + (field.text.empty() ? 0 : 1) + (field.parts.empty() ? 0 : 1);
  if (given != 1) fail(element, "it needs either from or text, or fields of its own");
  if (!field.parts.empty() && field.shape != Field::Shape::kObject &&
      field.shape != Field::Shape::kJsonText) {
    fail(element, "what has fields of its own is an object or a json-text");
  }
  check_source(element, field);
  return field;
}

RemoteCall DialectReader::read_call(const XmlElement& element, std::set<std::string>& carried) {
  if (element.name != "call") fail_unknown(element);
  RemoteCall call{needed(element, "name"), needed(element, "path"), {}, {}};
  for (const XmlElement& part : element.children) {
    if (part.name == "field") {
      call.fields.push_back(read_field(part));
      check_carried(part, call.fields.back(), carried);
    } else if (part.name == "carry") {
      call.carries.push_back({needed(part, "name"), needed(part, "answer")});
    } else {
      fail_unknown(part);
    }
  }
  for (const Carry& carry : call.carries) carried.insert(carry.name);
  return call;
}

void DialectReader::check_carried(const XmlElement& at, const Field& field,
                                  const std::set<std::string>& carried) {
  for (const Field& part : field.parts) check_carried(at, part, carried);
  if (!field.from.starts_with(kCarriedPrefix)) return;
  const std::string name = field.from.substr(kCarriedPrefix.size());
  if (!carried.contains(name)) fail(at, "no earlier call carries \"" + name + "\"");
}

void DialectReader::check_sources(const XmlElement& at, const RemoteCall& call,
                                  const std::function<bool(std::string_view)>& has,
                                  const std::string& why) {
  const auto check = [&](const Field& field) {
    if (field.from.empty() || has(field.from)) return;
    fail(at, "the call " + call.name + " " + why + ", not \"" + field.from + "\"");
  };
  for (const Field& field : call.fields) {
    check(field);
    for (const Field& part : field.parts) check(part);
  }
}

}  // namespace certbridge::municipal_library

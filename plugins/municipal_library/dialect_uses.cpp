#include <charconv>

#include "certbridge/books.h"
#include "dialect_reader.h"
#include "values.h"

namespace certbridge::municipal_library {
namespace {

const Words<std::string UsesRule::*> kUseMembers{{"unit", &UsesRule::unit},
                                                 {"type-code", &UsesRule::type_code},
                                                 {"issuer-code", &UsesRule::issuer_code},
                                                 {"identifier", &UsesRule::identifier},
                                                 {"purpose", &UsesRule::purpose}};

void read_used(DialectReader& reader, const XmlElement& element, UsesRule& into) {
  into.list = reader.needed(element, "list");
  into.caller = reader.needed(element, "caller");
  into.operation = reader.needed(element, "operation");
  into.result = reader.needed(element, "result");
  for (const auto& [name, member] : kUseMembers) {
    into.*member = element.attribute_or_empty(name);
  }
}

void read_uses_call(DialectReader& reader, const XmlElement& element, UsesRule& into) {
  std::set<std::string> carried;
  into.call = reader.read_call(element, carried);
  reader.check_sources(
      element, into.call,
      [](std::string_view from) { return is_books_source(from) && from != "books.area"; },
      "has only the day and the page");
}

}  // namespace

void read_uses(DialectReader& reader, const XmlElement& element, UsesRule& into) {
  const std::string most = element.attribute_or_empty("most");
  if (!most.empty()) std::from_chars(most.data(), most.data() + most.size(), into.most);
  if (into.most == 0 || into.most > kMostOfABooksPage) reader.fail(element, "most is 1 to 1000");
  for (const XmlElement& part : element.children) {
    if (part.name == "call") {
      read_uses_call(reader, part, into);
    } else if (part.name == "used") {
      read_used(reader, part, into);
    } else if (part.name == "operation") {
      reader.once(part, into.operations, reader.needed(part, "value"), reader.needed(part, "is"));
    } else if (part.name == "result") {
      reader.once(part, into.results, reader.needed(part, "value"), reader.needed(part, "is"));
    } else {
      reader.fail_unknown(part);
    }
  }
  if (into.call.path.empty() || into.list.empty()) {
    reader.fail(element, "it needs a call and what is used");
  }
}

void read_usage_form(DialectReader& reader, const XmlElement& element, UsageFormRule& into) {
  into.list = reader.needed(element, "list");
  RemoteCall call;
  call.name = "usage-report";
  for (const XmlElement& part : element.children) {
    if (part.name != "field") reader.fail_unknown(part);
    call.fields.push_back(reader.read_field(part));
  }
  reader.check_sources(element, call, &is_usage_source, "has only what a row of a report has");
  into.fields = std::move(call.fields);
  if (into.fields.empty()) reader.fail(element, "it needs fields");
}

}  // namespace certbridge::municipal_library

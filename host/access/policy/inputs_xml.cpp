#include "access/policy/inputs_xml.h"

#include <charconv>

#include "certbridge/xml.h"

namespace certbridge::host {
namespace {

constexpr XmlLimits kLimits{64UL * 1024, 4, 10'000};

std::string attribute(const char* name, std::string_view value) {
  if (value.empty()) return {};
  return " " + std::string(name) + "=\"" + xml_escape(value) + "\"";
}

std::string flag(const char* name, bool is_set) { return attribute(name, is_set ? "yes" : ""); }

std::string holder_xml(const char* element, const std::optional<QueriedHolder>& holder) {
  if (!holder) return {};
  return "<" + std::string(element) + attribute("name", holder->name) +
         attribute("code-type", holder->code_type) + attribute("code", holder->code) + "/>";
}

std::string list_xml(const char* element, const std::vector<std::string>& values) {
  std::string xml;
  for (const std::string& value : values) {
    xml += "<" + std::string(element) + attribute("value", value) + "/>";
  }
  return xml;
}

std::string statements_xml(const std::vector<StatedText>& statements) {
  std::string xml;
  for (const StatedText& one : statements) {
    xml += "<statement" + attribute("name", one.name) + attribute("value", one.value) + "/>";
  }
  return xml;
}

std::string person_xml(const std::optional<AssertedPerson>& person) {
  if (!person) return {};
  return "<person" + attribute("issuer", person->issuer) + attribute("id", person->id) +
         attribute("level", person->level) + attribute("unit", person->unit) + ">" +
         list_xml("role", person->roles) + holder_xml("himself", person->himself) + "</person>";
}

std::string request_xml(const AccessRequest& it) {
  return "<request" + attribute("kind", to_text(it.kind)) + attribute("system", it.caller.system) +
         attribute("unit", it.caller.unit) + attribute("role", it.role) +
         attribute("ground-kind", it.ground_kind) + attribute("ground", it.ground) +
         flag("provisional", it.provisional) + attribute("authorisation", it.authorisation) +
         attribute("purpose", it.purpose) + attribute("identifier", it.identifier) +
         attribute("number", it.number) + flag("original-file", it.original_file) +
         attribute("when", std::to_string(it.when.time_since_epoch().count())) + ">" +
         person_xml(it.caller.person) + holder_xml("holder", it.holder) +
         list_xml("type", it.types) + statements_xml(it.statements) + "</request>";
}

template <class Number>
std::optional<Number> number_in(const XmlElement& at, std::string_view name) {
  const std::string text = at.attribute_or_empty(name);
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

bool is_set(const XmlElement& at, std::string_view name) {
  return at.attribute_or_empty(name) == "yes";
}

std::optional<QueriedHolder> holder_in(const XmlElement* at) {
  if (at == nullptr) return {};
  return QueriedHolder{at->attribute_or_empty("name"), at->attribute_or_empty("code-type"),
                       at->attribute_or_empty("code")};
}

std::vector<std::string> list_in(const XmlElement& at, std::string_view element) {
  std::vector<std::string> values;
  for (const XmlElement* one : at.children_named(element)) {
    values.push_back(one->attribute_or_empty("value"));
  }
  return values;
}

std::optional<AssertedPerson> person_in(const XmlElement* at) {
  if (at == nullptr) return {};
  return AssertedPerson{at->attribute_or_empty("issuer"), at->attribute_or_empty("id"),
                        at->attribute_or_empty("level"),  list_in(*at, "role"),
                        at->attribute_or_empty("unit"),   holder_in(at->child("himself"))};
}

std::optional<AccessRequest> request_in(const XmlElement* at) {
  if (at == nullptr) return {};
  const auto kind = access_kind(at->attribute_or_empty("kind"));
  const auto when = number_in<std::int64_t>(*at, "when");
  if (!kind || !when) return {};
  AccessRequest it;
  it.kind = *kind;
  it.when = Timestamp(std::chrono::milliseconds(*when));
  it.caller = {at->attribute_or_empty("system"), at->attribute_or_empty("unit"),
               person_in(at->child("person"))};
  it.role = at->attribute_or_empty("role");
  it.ground_kind = at->attribute_or_empty("ground-kind");
  it.ground = at->attribute_or_empty("ground");
  it.provisional = is_set(*at, "provisional");
  it.authorisation = at->attribute_or_empty("authorisation");
  it.purpose = at->attribute_or_empty("purpose");
  it.holder = holder_in(at->child("holder"));
  it.identifier = at->attribute_or_empty("identifier");
  it.number = at->attribute_or_empty("number");
  it.types = list_in(*at, "type");
  for (const XmlElement* one : at->children_named("statement")) {
    it.statements.push_back({one->attribute_or_empty("name"), one->attribute_or_empty("value")});
  }
  it.original_file = is_set(*at, "original-file");
  return it;
}

std::optional<AccessFacts> facts_in(const XmlElement& root) {
  const XmlElement* at = root.child("facts");
  const auto uses = at == nullptr ? std::nullopt : number_in<std::uint64_t>(*at, "uses");
  if (!uses) return {};
  AccessFacts facts;
  facts.case_trouble = at->attribute_or_empty("case-trouble");
  facts.uses = *uses;
  facts.uses_known = !is_set(*at, "uses-unknown");
  if (const XmlElement* of_case = root.child("case-facts")) {
    auto read = read_case_facts(*of_case);
    if (!read) return {};
    facts.case_facts = std::move(read).value();
  }
  return facts;
}

}  // namespace

std::string inputs_xml(const AccessRequest& request, const AccessFacts& facts) {
  std::string xml = "<inputs xmlns=\"urn:certbridge:access-inputs:1\">" + request_xml(request) +
                    "<facts" + attribute("case-trouble", facts.case_trouble) +
                    attribute("uses", std::to_string(facts.uses)) +
                    flag("uses-unknown", !facts.uses_known) + "/>";
  if (facts.case_facts) xml += write_case_facts(*facts.case_facts);
  return xml + "</inputs>";
}

std::optional<DecisionInputs> read_inputs_xml(std::string_view xml) {
  const auto root = parse_xml(xml, "inputs", kLimits);
  if (!root) return {};
  auto request = request_in(root.value().child("request"));
  auto facts = facts_in(root.value());
  if (!request || !facts) return {};
  return DecisionInputs{std::move(*request), std::move(*facts)};
}

}  // namespace certbridge::host

#include <array>

#include "certbridge/query.h"
#include "certificate_words.h"
#include "query_words.h"

namespace certbridge {
namespace {

using namespace query;

// In the order of the enumeration, whose first value is 1.
constexpr std::array<std::string_view, 7> kRoleWords{
    "applicant", "holder", "obligor", "agent", "guardian", "spouse", "legal-representative"};

std::string texts_of(const CaseFacts& it) {
  return flag("known", it.known) + attribute("case-no", it.case_no) +
         attribute("provisional-no", it.provisional_no) + flag("provisional", it.provisional) +
         flag("open", it.open) + attribute("started", time_text(it.started)) +
         attribute("area", it.area) + attribute("unit", it.unit) + attribute("item", it.item);
}

Result<void> read_flags(const XmlElement& at, CaseFacts& facts) {
  const auto known = read_flag(at, "known");
  if (!known) return known.error();
  const auto provisional = read_flag(at, "provisional");
  if (!provisional) return provisional.error();
  const auto open = read_flag(at, "open");
  if (!open) return open.error();
  facts.known = known.value();
  facts.provisional = provisional.value();
  facts.open = open.value();
  return {};
}

Result<void> read_texts(const XmlElement& at, CaseFacts& facts) {
  facts.case_no = at.attribute_or_empty("case-no");
  facts.provisional_no = at.attribute_or_empty("provisional-no");
  facts.area = at.attribute_or_empty("area");
  facts.unit = at.attribute_or_empty("unit");
  facts.item = at.attribute_or_empty("item");
  const auto started = parse_time(at.attribute_or_empty("started"));
  if (!started) return wrong_value(at, "started: a time is written 2026-11-24T01:02:03.456Z");
  facts.started = *started;
  if (facts.known && facts.case_no.empty() && facts.provisional_no.empty()) {
    return wrong_value(at, "a known case has its number or its provisional number");
  }
  return {};
}

Result<void> read_lists(const XmlElement& at, CaseFacts& facts) {
  auto handlers = read_list(at, "handler", "person");
  if (!handlers) return handlers.error();
  auto materials = read_list(at, "material", "type");
  if (!materials) return materials.error();
  facts.handlers = std::move(handlers).value();
  facts.materials = std::move(materials).value();
  return {};
}

Result<void> read_parties(const XmlElement& at, CaseFacts& facts) {
  for (const XmlElement* one : at.children_named("party")) {
    if (auto checked = check_shape(*one, {{"role"}, {"name", "code-type", "code"}, {}}); !checked) {
      return checked;
    }
    const auto role = party_role(one->attribute_or_empty("role"));
    if (!role) return wrong_value(*one, "attribute \"role\" is none of the roles of a party");
    if (facts.parties.size() == kMostOfAList) return wrong_value(*one, "more than 1000 parties");
    facts.parties.push_back({*role, read_holder(*one)});
  }
  return {};
}

}  // namespace

std::string to_word(PartyRole role) { return word_of(role, kRoleWords); }

std::optional<PartyRole> party_role(std::string_view word) {
  return value_of<PartyRole>(word, kRoleWords);
}

std::string write_case_facts(const CaseFacts& facts) {
  std::string xml = opened("case-facts") + texts_of(facts) + ">" +
                    list_xml("handler", "person", facts.handlers) +
                    list_xml("material", "type", facts.materials);
  for (const CaseParty& one : facts.parties) {
    xml += "<party" + attribute("role", to_word(one.role)) + holder_attributes(one.who) + "/>";
  }
  return xml + "</case-facts>";
}

Result<CaseFacts> parse_case_facts(std::string_view xml) {
  const auto root = parse_query(xml);
  if (!root) return root.error();
  return read_case_facts(root.value());
}

Result<CaseFacts> read_case_facts(const XmlElement& root) {
  const Shape shape{
      {"started"},
      {"known", "case-no", "provisional-no", "provisional", "open", "area", "unit", "item"},
      {"handler", "material", "party"}};
  if (auto checked = check_root(root, "case-facts", shape); !checked) return checked.error();
  CaseFacts facts;
  if (auto read = read_flags(root, facts); !read) return read.error();
  if (auto read = read_texts(root, facts); !read) return read.error();
  if (auto read = read_lists(root, facts); !read) return read.error();
  if (auto read = read_parties(root, facts); !read) return read.error();
  return facts;
}

}  // namespace certbridge

#include "mapping_fields.h"

#include "case_facts.h"

namespace certbridge::registration {
namespace {

struct Words {
  const char* set;
  const char* field;
  bool (*are_known)(const std::string& word);
  const char* listed;
};
constexpr Words kState{"asked-case", "state",
                       [](const std::string& word) { return is_case_state(word); },
                       "provisional, accepted, concluded, withdrawn or refused"};
constexpr Words kRole{
    "asked-parties", "role",
    [](const std::string& word) { return word.empty() || party_role(word).has_value(); },
    "applicant, holder, obligor, agent, guardian, spouse, legal-representative or nothing"};

std::string in_ticks(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string trouble_with_table(const Mapping& mapping, const FieldMapping& field,
                               const Words& words) {
  const auto table = mapping.tables.find(field.table);
  if (table == mapping.tables.end()) {
    return "the field " + in_ticks(words.field) + " needs a table that means " + words.listed;
  }
  for (const auto& [code, word] : table->second) {
    if (words.are_known(word)) continue;
    return "for " + in_ticks(words.field) + " the table " + in_ticks(field.table) + " means " +
           words.listed + ", not " + in_ticks(word);
  }
  return {};
}

std::string trouble_with(const Mapping& mapping, const Words& words) {
  for (const SetMapping& set : mapping.cases_sets) {
    if (set.name != words.set) continue;
    for (const FieldMapping& field : set.fields) {
      if (field.field == words.field) return trouble_with_table(mapping, field, words);
    }
  }
  return "the set " + in_ticks(words.set) + " needs the field " + in_ticks(words.field);
}

}  // namespace

// The fields that the reader understands, by set.
const std::map<std::string, std::set<std::string>, std::less<>>& known_fields() {
  static const std::map<std::string, std::set<std::string>, std::less<>> fields = {
      {"certificates", {"id", "kind", "number", "paper-serial", "final-at", "state"}},
      {"items", {"certificate", "right"}},
      {"rights",
       {"id",
        "unit",
        "right-type",
        "right-type-name",
        "land-right",
        "registration-type",
        "location",
        "nature",
        "use",
        "area",
        "term-from",
        "term-to",
        "building-area",
        "own-area",
        "shared-area",
        "structure",
        "floor",
        "floors",
        "completed",
        "other",
        "proof-matter",
        "mortgage-kind",
        "amount",
        "debt-from",
        "debt-to",
        "previous",
        "restriction-case",
        "restriction-authority",
        "issuer",
        "booked-at",
        "right-state",
        "notes"}},
      {"parties",
       {"role", "order", "name", "code-type", "code", "holding", "share", "certificate"}},
      {"images", {"certificate", "order", "media-type", "content"}},
      {"events", {"type", "order"}},
      {"booked-cases", {"case", "area", "booked-at"}},
      {"booked-certificates", {"case", "kind", "number", "state"}},
      {"asked-case", {"case", "provisional", "state", "started", "area", "unit", "item"}},
      {"asked-handlers", {"person"}},
      {"asked-parties", {"role", "name", "code-type", "code"}},
      {"asked-materials", {"type"}}};
  return fields;
}

std::string trouble_with_cases(const Mapping& mapping) {
  const std::string state = trouble_with(mapping, kState);
  return state.empty() ? trouble_with(mapping, kRole) : state;
}

}  // namespace certbridge::registration

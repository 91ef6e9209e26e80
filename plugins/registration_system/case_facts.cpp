#include "case_facts.h"

#include <algorithm>
#include <array>

#include "certbridge/certificate.h"
#include "dates.h"

namespace certbridge::registration {
namespace {

constexpr std::array<std::string_view, 5> kStates{"provisional", "accepted", "concluded",
                                                  "withdrawn", "refused"};

// A query of a vendor's own must not give the rights of one case to another.
Result<const CaseRow*> the_case(const CaseRows& rows, const CaseQuestion& question) {
  const auto& cases = rows.set("asked-case");
  if (cases.empty()) return nullptr;
  if (cases.size() > 1) {
    return Error::permanent("registration.records_refused",
                            "asking for the case: there are several of this number");
  }
  const char* field = question.provisional ? "provisional" : "case";
  if (cases[0].text(field) == question.case_no) return &cases[0];
  return Error::permanent(
      "registration.records_refused",
      "asking for the case: " + cases[0].place(field) + ": not the number that was asked for");
}

QueriedHolder person_of(const CaseRow& row) {
  QueriedHolder person{row.text("name"), row.text("code-type"), folded(row.text("code"))};
  // Digits and letters in the form in which certificates have them; what is no proper code stays.
  const auto code = HolderCode::parse(person.code_type, person.code);
  if (code) person.code = code.value().text();
  return person;
}

std::vector<CaseParty> parties_of(const CaseRows& rows) {
  std::vector<CaseParty> parties;
  for (const CaseRow& row : rows.set("asked-parties")) {
    const auto role = party_role(row.text("role"));
    if (!role || row.text("code").empty()) continue;
    parties.push_back({*role, person_of(row)});
  }
  return parties;
}

// A day alone begins at its midnight.
Result<Timestamp> started_of(const CaseRow& row) {
  if (const auto time = parse_message_time(row.text("started"))) return *time;
  const auto day = parse_day(row.text("started"), row.place("started"));
  if (!day) return day.error();
  return Timestamp(std::chrono::sys_days(day.value())) - std::chrono::hours(8);
}

// The field of each row that has something in it, each text once.
std::vector<std::string> texts_of(const std::vector<CaseRow>& rows, std::string_view field) {
  std::vector<std::string> texts;
  for (const CaseRow& row : rows) {
    const std::string& text = row.text(field);
    if (text.empty() || std::find(texts.begin(), texts.end(), text) != texts.end()) continue;
    texts.push_back(text);
  }
  return texts;
}

std::vector<std::string> materials_of(const CaseRows& rows, const std::string& item,
                                      const ItemDirectory* items) {
  if (items == nullptr) return texts_of(rows.set("asked-materials"), "type");
  const ServiceItem* found = items->by_code(item);
  return found == nullptr ? std::vector<std::string>() : found->material_types();
}

}  // namespace

bool is_case_state(std::string_view word) {
  return std::find(kStates.begin(), kStates.end(), word) != kStates.end();
}

Result<CaseFacts> facts_of(const CaseRows& rows, const CaseQuestion& question,
                           const ItemDirectory* items) {
  const auto found = the_case(rows, question);
  if (!found) return found.error();
  CaseFacts facts;
  if (found.value() == nullptr) return facts;
  const CaseRow& row = *found.value();
  const auto started = started_of(row);
  if (!started) return started.error();
  facts.known = true;
  facts.case_no = row.text("case");
  facts.provisional_no = row.text("provisional");
  facts.provisional = row.text("state") == "provisional";
  facts.open = facts.provisional || row.text("state") == "accepted";
  facts.started = started.value();
  facts.area = row.text("area");
  facts.unit = row.text("unit");
  facts.item = row.text("item");
  facts.handlers = texts_of(rows.set("asked-handlers"), "person");
  facts.materials = materials_of(rows, facts.item, items);
  facts.parties = parties_of(rows);
  return facts;
}

}  // namespace certbridge::registration

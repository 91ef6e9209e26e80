#include "earlier_case.h"

#include "records_client.h"

namespace certbridge::registration {
namespace {

// The event is about one right, or about the only one.
CaseRow* right_of(const Message& event, CaseRows& rows) {
  std::vector<CaseRow>& rights = rows.sets["rights"];
  const std::string id = header_of(event, "case-id");
  for (CaseRow& right : rights) {
    if (right.text("id") == id) return &right;
  }
  return rights.size() == 1 ? &rights.front() : nullptr;
}

std::string numbers_in(const std::vector<RecordSet>& sets, const EarlierCase& from) {
  std::string numbers;
  for (const RecordSet& set : sets) {
    if (set.name != from.query) continue;
    for (const Record& record : set.records) {
      const std::string number = record.text_or_empty(from.column);
      if (number.empty()) continue;
      numbers += (numbers.empty() ? "" : ",") + number;
    }
  }
  return numbers;
}

}  // namespace

Result<void> find_earlier_case(Responder& records, const Mapping& mapping, const Message& event,
                               CaseRows& rows, const Call& call) {
  const EarlierCase& from = mapping.earlier_case;
  const std::string id = header_of(event, from.header);
  if (from.group.empty() || id.empty()) return {};
  CaseRow* right = right_of(event, rows);
  if (right == nullptr || !right->text("previous").empty()) return {};
  Record parameters;
  parameters.set(from.parameter, id);
  auto sets = ask_for_sets(records, mapping, from.group, parameters, call);
  if (!sets) return sets.error();
  right->fields["previous"] = numbers_in(sets.value(), from);
  return {};
}

}  // namespace certbridge::registration

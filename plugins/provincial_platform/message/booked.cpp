#include "message/booked.h"

namespace certbridge::provincial_platform {
namespace {

Error unreadable(const std::string& why) {
  return Error::permanent("provincial.facts", "the facts of the booking " + why);
}

}  // namespace

const std::vector<Record>& Booked::rows(std::string_view table) const {
  static const std::vector<Record> none;
  const auto found = tables.find(table);
  return found == tables.end() ? none : found->second;
}

std::string lower_case(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Result<Booked> parse_booked(std::string_view xml) {
  auto sets = parse_records(xml);
  if (!sets) return sets.error();
  Booked booked;
  bool headed = false;
  for (RecordSet& set : sets.value()) {
    if (set.name == "head") {
      if (headed || set.records.size() != 1)
        return unreadable("have one set \"head\" with one row");
      booked.head = std::move(set.records.front());
      headed = true;
    } else if (!set.records.empty() &&
               !booked.tables.emplace(set.name, std::move(set.records)).second) {
      return unreadable("have a table twice");
    }
  }
  if (!headed) return unreadable("have no set \"head\"");
  return booked;
}

}  // namespace certbridge::provincial_platform

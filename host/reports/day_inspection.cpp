#include "reports/day_inspection.h"

#include "access/policy/access_times.h"
#include "observe/clock.h"
#include "reports/record_words.h"

namespace certbridge::host {
namespace {

InspectionSection paper_section() {
  return {
      "paper-although-available",
      "Paper was taken although the same day a query found a certificate of this type of the "
      "same holder (article 14).",
      0,
      {"record", "when", "unit", "person", "holder", "type", "found by record", "found", "then"},
      {},
      "whether a library has one by now is not asked: that would be a query of its own"};
}

InspectionSection failed_section(std::uint32_t threshold) {
  return {"repeated-failed-queries",
          "Persons whose queries of one day were denied or found nothing " +
              std::to_string(threshold) + " times or more.",
          0,
          {"day", "person", "unit", "denied", "nothing found", "first record", "last record"},
          {},
          {}};
}

// What the query before the paper was told, by the sources that its record names.
std::string told_then(const std::vector<AskedSource>& sources) {
  std::string down;
  for (const AskedSource& one : sources) {
    const bool told = one.outcome == "absent" || one.outcome == "found" || one.outcome == "cached";
    if (!told) down += (down.empty() ? "" : " ") + one.endpoint;
  }
  if (sources.empty()) return "not asked";
  return down.empty() ? "not there" : "unavailable: " + down;
}

}  // namespace

DayInspection::DayInspection(const Blind& blind, std::uint32_t failed_queries,
                             std::size_t most_named, std::size_t most_of_a_day)
    : blind_(blind),
      failed_queries_(failed_queries),
      most_of_a_day_(most_of_a_day),
      paper_found_(most_named, paper_section()),
      failed_found_(most_named, failed_section(failed_queries)) {}

void DayInspection::turn_to(std::chrono::local_days day) {
  if (day == day_) return;
  close_day();
  day_ = day;
}

void DayInspection::add(const ReadAccess& access) {
  turn_to(local_time(access.written).day);
  if (access.record.kind == AccessKind::kPaperAccepted) return add_paper(access);
  if (!is_query(access.record.kind)) return;
  add_failed(access);
  add_seen(access);
}

void DayInspection::add_seen(const ReadAccess& access) {
  turn_to(local_time(access.written).day);
  const AccessRecord& record = access.record;
  if (record.decision != AccessDecision::kAllowed || record.result != "found") return;
  if (record.holder.empty() || record.certificate_type.empty()) return;
  if (seen_.size() >= most_of_a_day_) {
    overflowed_ = true;
    return;
  }
  seen_.try_emplace({blind_.number(AccessTerm::kHolder, record.holder), record.certificate_type},
                    Seen{access.place.number});
}

void DayInspection::add_paper(const ReadAccess& access) {
  const AccessRecord& record = access.record;
  if (record.decision != AccessDecision::kAllowed || record.holder.empty()) return;
  if (paper_.size() >= most_of_a_day_) {
    overflowed_ = true;
    return;
  }
  paper_.push_back({access.place.number, access.written, record.unit,
                    blind_.text(AccessTerm::kPerson, record.person),
                    blind_.number(AccessTerm::kHolder, record.holder),
                    words_of(record.certificate_type), told_then(record.sources)});
}

void DayInspection::add_failed(const ReadAccess& access) {
  const AccessRecord& record = access.record;
  const bool denied = record.decision == AccessDecision::kDenied;
  if (record.person.empty() || (!denied && record.result != "none-found")) return;
  const std::string person = blind_.text(AccessTerm::kPerson, record.person);
  if (failed_.size() >= most_of_a_day_ && !failed_.contains(person)) {
    overflowed_ = true;
    return;
  }
  Failed& failed = failed_[person];
  failed.unit = record.unit;
  ++(denied ? failed.denied : failed.nothing_found);
  if (failed.first == 0) failed.first = access.place.number;
  failed.last = access.place.number;
}

void DayInspection::close_day() {
  for (const Paper& paper : paper_) {
    for (const std::string& type : paper.types) {
      const auto seen = seen_.find({paper.holder, type});
      if (seen == seen_.end()) continue;
      paper_found_.add({paper.number, to_iso8601(paper.written), paper.unit, paper.person,
                        Blind::text_of(AccessTerm::kHolder, paper.holder), type,
                        seen->second.number,
                        seen->second.number < paper.number ? "before" : "afterwards", paper.then});
      break;
    }
  }
  for (const auto& [person, failed] : failed_) {
    if (failed.denied + failed.nothing_found < failed_queries_) continue;
    failed_found_.add({report_day_text(day_), person, failed.unit, failed.denied,
                       failed.nothing_found, failed.first, failed.last});
  }
  seen_.clear();
  paper_.clear();
  failed_.clear();
}

std::vector<InspectionSection> DayInspection::sections() {
  close_day();
  std::vector<InspectionSection> sections{paper_found_.take(), failed_found_.take()};
  if (!overflowed_) return sections;
  for (InspectionSection& one : sections) {
    one.remark = "a day had more holders or persons than are followed: there may be more";
  }
  return sections;
}

}  // namespace certbridge::host

#include "reports/record_inspection.h"

#include <algorithm>

#include "reports/blind.h"
#include "reports/day_inspection.h"
#include "reports/period_records.h"
#include "reports/record_words.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostKinds = 10'000;  // codes and types
constexpr std::size_t kMostPersons = 100'000;

struct Tally {
  std::uint64_t count = 0;
  std::uint64_t first = 0;  // record
  std::uint64_t last = 0;

  void add(std::uint64_t number) {
    ++count;
    if (first == 0) first = number;
    last = number;
  }
};
template <class Key>
class Tallies {
 public:
  explicit Tallies(std::size_t most) : most_(most) {}
  void add(const Key& key, std::uint64_t number) {
    if (all_.size() < most_ || all_.contains(key)) {
      all_[key].add(number);
    } else {
      overflowed_ = true;
    }
  }
  const std::map<Key, Tally>& all() const { return all_; }
  std::string remark() const { return overflowed_ ? "there were more than are counted" : ""; }

 private:
  std::size_t most_;
  std::map<Key, Tally> all_{};
  bool overflowed_ = false;
};

// Cases in which a holder was asked about, as pairs of numbers.
class HoldersInCases {
 public:
  explicit HoldersInCases(std::size_t most) : most_(most) {}
  void add(std::uint64_t holder, std::uint64_t ground) {
    if (!overflowed_ && pairs_.size() >= most_) {
      make_unique();
      overflowed_ = pairs_.size() > most_ - most_ / 8;  // full of different ones
    }
    if (!overflowed_) pairs_.emplace_back(holder, ground);
  }
  bool overflowed() const { return overflowed_; }
  // Holders in so many cases or more, and in how many.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> from(std::uint32_t threshold) {
    make_unique();
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    for (std::size_t begin = 0, end = 0; begin < pairs_.size(); begin = end) {
      while (end < pairs_.size() && pairs_[end].first == pairs_[begin].first) ++end;
      if (end - begin >= threshold) found.emplace_back(pairs_[begin].first, end - begin);
    }
    return found;
  }

 private:
  void make_unique() {
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
  }
  std::size_t most_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs_{};
  bool overflowed_ = false;
};

}  // namespace

class RecordInspection::Parts {
 public:
  explicit Parts(RecordInspectionSettings settings)
      : settings_(std::move(settings)),
        blind_(settings_.master_key),
        day_(blind_, settings_.failed_queries, settings_.most_named, settings_.most_of_a_day),
        holders_(settings_.most_followed) {}

  void add(const ReadAccess& access) {
    note(access);
    const AccessRecord& record = access.record;
    if (is_query(record.kind)) add_type(access);
    // What else the same answer holds is no access of its own.
    if (is_query(record.kind) && record.refers_to != 0) return day_.add_seen(access);
    day_.add(access);
    if (record.kind == AccessKind::kFlag) return;
    if (record.decision == AccessDecision::kDenied)
      return denials_.add(record.code, number(access));
    add_holder(access);
    add_outside(access);
  }

  std::vector<InspectionSection> sections() {
    std::vector<InspectionSection> all = day_.sections();
    all.push_back(denials());
    all.push_back(types());
    all.push_back(holders());
    all.push_back(outside());
    return all;
  }
  const UsageRecords& records() const { return records_; }

 private:
  static std::uint64_t number(const ReadAccess& access) { return access.place.number; }

  void note(const ReadAccess& access) {
    ++records_.records;
    records_.last = {access.place.number, to_hex(access.place.hash)};
    if (records_.first.number == 0) records_.first = records_.last;
    if (access.about_is_gone) ++gone_;
  }
  void add_type(const ReadAccess& access) {
    const AccessRecord& record = access.record;
    if (settings_.known_types.empty() || record.disclosed.empty()) return;
    const std::string& type = record.certificate_type;
    if (type.empty()) return;
    const std::string why = why_out_of_date(type, access.written);
    if (!why.empty()) types_.add({type, why}, number(access));
  }
  // Empty: it is not.
  std::string why_out_of_date(const std::string& type, Timestamp when) const {
    const auto known = settings_.known_types.find(type);
    if (known == settings_.known_types.end()) return "unknown";
    const std::string day = report_day_text(local_time(when).day);
    if (!known->second.first.empty() && day < known->second.first) return "not yet";
    return !known->second.last.empty() && day > known->second.last ? "not any more" : "";
  }
  void add_holder(const ReadAccess& access) {
    const AccessRecord& record = access.record;
    if (!is_query(record.kind) || record.holder.empty() || record.ground.empty()) return;
    holders_.add(blind_.number(AccessTerm::kHolder, record.holder),
                 blind_.number(AccessTerm::kCase, record.ground_kind + "\n" + record.ground));
  }
  void add_outside(const ReadAccess& access) {
    const AccessRecord& record = access.record;
    if (!is_query(record.kind) || record.person.empty()) return;
    if (settings_.holder_grounds.contains(record.ground_kind)) return;
    if (settings_.office_hours.hold(record.asked)) return;
    outside_.add({blind_.text(AccessTerm::kPerson, record.person), record.unit}, number(access));
  }

  InspectionSection denials() {
    NamedFindings found(settings_.most_named, {"denials",
                                               "Queries that were denied, by reason.",
                                               0,
                                               {"code", "denied", "first record", "last record"},
                                               {},
                                               denials_.remark()});
    return tallied(denials_.all(), found,
                   [](const std::string& code) { return std::vector<InspectionCell>{code}; });
  }
  InspectionSection types() {
    const bool known = !settings_.known_types.empty();
    NamedFindings found(
        settings_.most_named,
        {"types-out-of-date",
         "Certificates were used whose type the catalogue does not have, or not on that day.",
         0,
         {"type", "why", "uses", "first record", "last record"},
         {},
         known ? types_.remark() : "no catalogue was given"});
    return tallied(types_.all(), found, [](const std::pair<std::string, std::string>& type) {
      return std::vector<InspectionCell>{type.first, type.second};
    });
  }
  InspectionSection outside() {
    NamedFindings found(settings_.most_named,
                        {"outside-office-hours",
                         "Queries by persons outside the office hours of the policy; holders who "
                         "ask about themselves are left out.",
                         0,
                         {"person", "unit", "queries", "first record", "last record"},
                         {},
                         outside_.remark()});
    return tallied(outside_.all(), found, [](const std::pair<std::string, std::string>& who) {
      return std::vector<InspectionCell>{who.first, who.second};
    });
  }
  InspectionSection holders() {
    NamedFindings found(settings_.most_named, {"holder-in-several-cases",
                                               "Holders about whom queries were allowed for " +
                                                   std::to_string(settings_.cases_of_a_holder) +
                                                   " different cases or more.",
                                               0,
                                               {"holder", "cases"},
                                               {},
                                               {}});
    for (const auto& [holder, cases] : holders_.from(settings_.cases_of_a_holder)) {
      found.add({Blind::text_of(AccessTerm::kHolder, holder), cases});
    }
    if (gone_ > 0)
      found.remark(std::to_string(gone_) + " records whose keys were destroyed name none");
    if (holders_.overflowed())
      found.remark("there were more than are followed: ask for fewer days");
    return found.take();
  }
  // Each with its own count: `found` of the section is what they are together.
  template <class Key, class Names>
  static InspectionSection tallied(const std::map<Key, Tally>& tallies, NamedFindings& found,
                                   const Names& names) {
    std::uint64_t together = 0;
    for (const auto& [key, tally] : tallies) {
      std::vector<InspectionCell> row = names(key);
      row.insert(row.end(), {tally.count, tally.first, tally.last});
      found.add(std::move(row));
      together += tally.count;
    }
    InspectionSection section = found.take();
    section.found = together;
    return section;
  }

  RecordInspectionSettings settings_;
  Blind blind_;
  DayInspection day_;
  HoldersInCases holders_;
  Tallies<std::string> denials_{kMostKinds};
  Tallies<std::pair<std::string, std::string>> types_{kMostKinds};  // type, and why
  Tallies<std::pair<std::string, std::string>> outside_{kMostPersons};
  UsageRecords records_{};
  std::uint64_t gone_ = 0;
};

RecordInspection::RecordInspection(RecordInspectionSettings settings)
    : parts_(std::make_unique<Parts>(std::move(settings))) {}
RecordInspection::~RecordInspection() = default;
void RecordInspection::add(const ReadAccess& access) { parts_->add(access); }
std::vector<InspectionSection> RecordInspection::sections() { return parts_->sections(); }
const UsageRecords& RecordInspection::records() const { return parts_->records(); }

Result<void> inspect_records(const AccessReader& reader, const RecordInspectionSettings& settings,
                             InspectionReport& report) {
  RecordInspection inspection(settings);
  const auto read =
      each_record(reader, settings.period, settings.made, [&](const ReadAccess& access) {
        inspection.add(access);
        return true;
      });
  if (!read) return read.error();
  report.records = inspection.records();
  for (InspectionSection& one : inspection.sections()) report.sections.push_back(std::move(one));
  return {};
}

}  // namespace certbridge::host

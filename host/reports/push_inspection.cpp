#include "reports/push_inspection.h"

#include <algorithm>

#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostAreas = 10'000;
constexpr std::size_t kMostCodes = 10'000;

std::string hours_text(std::chrono::hours hours) {
  return std::to_string(hours.count()) + " hours";
}

InspectionSection case_section(std::chrono::hours limit) {
  return {"cases-without-certificate",
          "Concluded cases of which no certificate was collected (article 7); of those under way, "
          "concluded longer ago than " +
              hours_text(limit) + ".",
          0,
          {"case", "area", "concluded", "certificates made", "reason"},
          {},
          "cases of which nothing ever came here are named by `certbridge arrivals missing`"};
}

InspectionSection late_section(std::chrono::hours limit) {
  return {"late-status-changes",
          "Changes of a certificate's status that the library was told later than " +
              hours_text(limit) + " after they occurred, or not yet (article 9).",
          0,
          {"message", "library", "area", "type", "status", "occurred", "told"},
          {},
          {}};
}

std::uint64_t seconds(std::chrono::seconds time) {
  return static_cast<std::uint64_t>(time.count());
}

std::string reason_of(const ConcludedCase& one) {
  if (!one.code.empty()) return "parked: " + one.code;
  if (one.moving) return "under way";
  return one.issued == 0 ? "none was made" : "made and not collected";
}

}  // namespace

PushInspection::PushInspection(PushInspectionSettings settings)
    : settings_(std::move(settings)),
      cases_(settings_.most_named, case_section(settings_.collected_limit)),
      late_(settings_.most_named, late_section(settings_.status_limit)) {}

void PushInspection::add_case(const ConcludedCase& one) {
  if (one.collected > 0 || one.withheld) return;
  if (one.issued == 0 && one.ends_others) return;
  if (settings_.without_certificate.contains(one.registration_type)) return;
  if (one.moving && settings_.made - one.concluded <= settings_.collected_limit) return;
  cases_.add({one.case_no, one.area, to_iso8601(one.concluded), one.issued, reason_of(one)});
}

void PushInspection::add_issue(const Push& push) {
  if (areas_.size() >= kMostAreas && !areas_.contains(push.area)) return;
  if (!push.arrived && !push.meant) return;
  Area& area = areas_[push.area];
  const auto took = push.arrived.value_or(settings_.made) - push.occurred;
  const bool is_late = took > settings_.collected_limit;
  if (!push.arrived) {
    area.not_collected += is_late ? 1 : 0;
    return;
  }
  area.took.add(took);
  area.beyond += is_late ? 1 : 0;
}

void PushInspection::add_status(const Push& push) {
  if (!push.arrived && !push.meant) return;
  if (push.arrived.value_or(settings_.made) - push.occurred <= settings_.status_limit) return;
  late_.add({push.message, push.library, push.area, push.type_code, push.word,
             to_iso8601(push.occurred), push.arrived ? to_iso8601(*push.arrived) : "not yet"});
}

void PushInspection::add_refused(const std::string& where, const std::string& code) {
  const std::pair key{where, code};
  if (refused_.size() < kMostCodes || refused_.contains(key)) ++refused_[key];
}

InspectionSection PushInspection::times() {
  InspectionSection section{"time-to-collected",
                            "Time from the event to collected, by area, in seconds; beyond the "
                            "limit of " +
                                hours_text(settings_.collected_limit) +
                                ", and not collected and beyond it by now.",
                            0,
                            {"area", "collected", "p50", "p95", "beyond", "not collected"},
                            {},
                            {}};
  for (const auto& [name, area] : areas_) {
    section.found += area.beyond + area.not_collected;
    section.rows.push_back({name, area.took.count(), seconds(area.took.percentile(50)),
                            seconds(area.took.percentile(95)), area.beyond, area.not_collected});
  }
  return section;
}

InspectionSection PushInspection::refused() {
  InspectionSection section{"refused-pushes",
                            "What was refused for good and waits for a person, or was given up, by "
                            "who refused it and why, as it stands now.",
                            0,
                            {"by", "code", "number"},
                            {},
                            {}};
  for (const auto& [key, count] : refused_) {
    section.found += count;
    section.rows.push_back({key.first, key.second, count});
  }
  return section;
}

std::vector<InspectionSection> PushInspection::sections() {
  std::vector<InspectionSection> all{cases_.take(), times(), late_.take(), refused()};
  if (!settings_.libraries.empty()) return all;
  for (InspectionSection& one : all) {
    if (one.name != "refused-pushes") {
      one.remark =
          "the configuration names no library whose books are compared (<reconcile>): "
          "what it collected is not known";
    }
  }
  return all;
}

}  // namespace certbridge::host

// The sections of an inspection about pushes: certificates that never came to be, came late, or
// were refused. From values, which push_reading.h takes from the journal.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reports/durations.h"
#include "reports/inspection.h"

namespace certbridge::host {

struct PushInspectionSettings {
  ReportPeriod period{};
  Timestamp made{};
  std::vector<std::string> libraries{};                     // sinks that collect certificates
  std::chrono::hours collected_limit{24};                   // from the event to collected
  std::chrono::hours status_limit{24};                      // from the change to told
  std::set<std::string> without_certificate{"400", "800"};  // registration types (djlx): 注销, 查封
  std::size_t most_named = 100;                             // rows of a section
};

// A case that was concluded, and what became of it.
struct ConcludedCase {
  std::string case_no{};
  std::string area{};
  std::string registration_type{};
  Timestamp concluded{};
  std::uint64_t issued = 0;     // certificates that were made
  std::uint64_t collected = 0;  // of these
  bool withheld = false;        // classified, withdrawn or not published: none is meant
  bool ends_others = false;     // it tells of earlier certificates, and makes none
  bool moving = false;
  std::string code{};  // of what is parked of it, if anything is
};

// A certificate, or its status, on its way to a library.
struct Push {
  std::string message{};
  std::string library{};
  std::string area{};
  std::string type_code{};
  std::string word{};  // of a status
  Timestamp occurred{};
  std::optional<Timestamp> arrived{};
  bool meant = true;  // it was not superseded or given up
};

// In any order; one thread.
class PushInspection {
 public:
  explicit PushInspection(PushInspectionSettings settings);

  void add_case(const ConcludedCase& one);
  void add_issue(const Push& push);
  void add_status(const Push& push);
  // What `where` ("steps", or an endpoint) refused for good with this code.
  void add_refused(const std::string& where, const std::string& code);
  std::vector<InspectionSection> sections();
  const PushInspectionSettings& settings() const { return settings_; }

 private:
  struct Area {
    Durations took{};
    std::uint64_t beyond = 0;
    std::uint64_t not_collected = 0;  // beyond the limit by now
  };
  InspectionSection times();
  InspectionSection refused();

  PushInspectionSettings settings_;
  NamedFindings cases_;
  NamedFindings late_;
  std::map<std::string, Area> areas_{};
  std::map<std::pair<std::string, std::string>, std::uint64_t> refused_{};
};

}  // namespace certbridge::host

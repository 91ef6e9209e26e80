// The sections of an inspection that follow from access records.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "access/policy/access_times.h"
#include "access/records/access_reader.h"
#include "journal/cipher.h"
#include "reports/inspection.h"

namespace certbridge::host {

struct RecordInspectionSettings {
  ReportPeriod period{};
  Timestamp made{};                        // later records are not looked at
  Key master_key{};                        // blind identifiers are made with it
  OfficeHours office_hours{};              // of the policy
  std::set<std::string> holder_grounds{};  // by which holders ask about themselves, at any hour
  struct DaysOfType {
    std::string first{};  // "2026-11-24", or empty: open; as the next one
    std::string last{};
  };
  std::map<std::string, DaysOfType> known_types{};  // of the catalogue; empty: there is none
  std::uint32_t failed_queries = 10;                // of one person in a day: from so many on
  std::uint32_t cases_of_a_holder = 3;              // in the period: from so many on
  std::size_t most_named = 100;                     // rows of a section
  std::size_t most_followed = 4'000'000;            // pairs of holder and case, 16 bytes each
  std::size_t most_of_a_day = 1'000'000;            // holders and persons of one day
};

// Sees the records of the period in their order; what it keeps is bounded by the settings. One
// thread.
class RecordInspection {
 public:
  explicit RecordInspection(RecordInspectionSettings settings);
  ~RecordInspection();
  RecordInspection(const RecordInspection&) = delete;
  RecordInspection& operator=(const RecordInspection&) = delete;

  void add(const ReadAccess& access);
  // Once, after the last record.
  std::vector<InspectionSection> sections();
  const UsageRecords& records() const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

// Reads the records of the period into `report`, its records and sections. Codes: those of the
// reader.
Result<void> inspect_records(const AccessReader& reader, const RecordInspectionSettings& settings,
                             InspectionReport& report);

}  // namespace certbridge::host

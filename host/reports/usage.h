// Who used whose certificates, as an issuing unit is told it (article 17 of the city's measures).
// Holds no holder, no person and no number of a case or certificate.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/records/access_reader.h"
#include "reports/report_period.h"

namespace certbridge::host {

inline constexpr std::size_t kMostUsageRows = 100'000;
inline constexpr const char* kOwnUses = "records";      // from our access records
inline constexpr const char* kLibraryUses = "library";  // from a library's log of uses

// What is counted together. Texts that are not known are empty.
struct UsageKey {
  std::string period{};  // "2026-11" or "2026-11-28"
  std::string issuer{};  // code of the issuing unit
  std::string unit{};    // using unit
  std::string type{};    // type code
  std::string purpose{};
  std::string source{};  // kOwnUses, kLibraryUses
  std::string kind{};    // of the access: to_text(AccessKind); of a library, its operation in ours
  std::string result{};  // "found", "verified"
  auto operator<=>(const UsageKey&) const = default;
};

// A record that a report begins or ends with, so that it can be found again in the chain.
struct UsageEnd {
  std::uint64_t number = 0;  // 0: there is none
  std::string hash{};        // of its frame, lower-case hexadecimal
  bool operator==(const UsageEnd&) const = default;
};

using CountsByReason = std::map<std::string, std::uint64_t>;

// How the rows follow from the records: records == counted + all that are not counted.
struct UsageRecords {
  UsageEnd first{};
  UsageEnd last{};
  std::uint64_t records = 0;
  std::uint64_t counted = 0;
  CountsByReason not_counted{};
  bool operator==(const UsageRecords&) const = default;
};

// The same of one library's log: logged == ours + counted + all that are not counted.
struct UsageLibrary {
  std::string library{};
  std::string trouble{};  // why its log was not read, or not of every day
  std::uint64_t logged = 0;
  std::uint64_t ours = 0;  // asked by ourselves: our records have them
  std::uint64_t counted = 0;
  CountsByReason not_counted{};
  bool operator==(const UsageLibrary&) const = default;
};

struct UsageReport {
  std::string node{};
  Timestamp made{};  // what was written later is not in it, whatever its period
  ReportPeriod period{};
  PeriodStep step = PeriodStep::kMonth;
  // The issuer that it is for: then it has this one's rows alone, `records` its first and last
  // record and how many were counted, and nothing of what was not. Empty: the centre's own report.
  std::string issuer{};
  std::map<UsageKey, std::uint64_t> rows{};
  UsageRecords records{};
  std::vector<UsageLibrary> libraries{};

  std::uint64_t total(const std::string& source) const;
};

// Counts records into a report. One thread.
class UsageCount {
 public:
  // `report` has its period, step and issuer, and outlives it.
  explicit UsageCount(UsageReport& report) : report_(report) {}
  // A record within the period; in their order. "report.too_many" when there would be more than
  // kMostUsageRows.
  Result<void> add(const ReadAccess& access);

 private:
  void leave_out(const std::string& reason);
  void end_with(const ReadAccess& access);

  UsageReport& report_;
};

// `count` more of a row. "report.too_many" as above.
Result<void> add_uses(UsageReport& report, UsageKey key, std::uint64_t count);

// Reads the records of the period that were written before the report was made. Codes: those of the
// reader, "report.too_many".
Result<void> count_usage(const AccessReader& reader, UsageReport& report);

}  // namespace certbridge::host

// The days that a report is about, in Beijing time.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "certbridge/message.h"
#include "certbridge/result.h"

namespace certbridge::host {

inline constexpr int kMostReportDays = 366;

struct ReportPeriod {
  std::chrono::local_days first{};
  std::chrono::local_days last{};  // belongs to it

  Timestamp from() const;
  Timestamp until() const;  // does not belong to it
  bool operator==(const ReportPeriod&) const = default;
};

// "2026-11". "report.period" for what is no month.
Result<ReportPeriod> month_period(std::string_view month);
// "2026-11-01" and "2026-11-30". "report.period" for what is no day, a last day before the first,
// and more than kMostReportDays.
Result<ReportPeriod> day_period(std::string_view first, std::string_view last);

// What a report counts together.
enum class PeriodStep : std::uint8_t { kDay = 1, kMonth = 2 };
std::string to_word(PeriodStep step);  // "day", "month"
std::string report_day_text(std::chrono::local_days day);
// "2026-11-28" or "2026-11" of the day on which it was in Beijing.
std::string period_of(Timestamp when, PeriodStep step);

}  // namespace certbridge::host

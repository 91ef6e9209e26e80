#include "reports/report_period.h"

#include <cstdio>

#include "access/policy/access_times.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kBeijing{8};
constexpr std::size_t kMonthLength = 7;

Error no_period(const std::string& why) { return Error::permanent("report.period", why); }

Timestamp midnight(std::chrono::local_days day) {
  return Timestamp(std::chrono::milliseconds(day.time_since_epoch()) - kBeijing);
}

}  // namespace

Timestamp ReportPeriod::from() const { return midnight(first); }
Timestamp ReportPeriod::until() const { return midnight(last + std::chrono::days(1)); }

Result<ReportPeriod> month_period(std::string_view month) {
  const auto first = parse_day(std::string(month) + "-01");
  if (month.size() != kMonthLength || !first) return no_period("a month is written as 2026-11");
  const std::chrono::year_month_day day(*first);
  return ReportPeriod{*first,
                      std::chrono::local_days(day.year() / day.month() / std::chrono::last)};
}

Result<ReportPeriod> day_period(std::string_view first, std::string_view last) {
  const auto from = parse_day(first);
  const auto to = parse_day(last);
  if (!from || !to) return no_period("a day is written as 2026-11-28");
  if (*to < *from) return no_period("the last day is before the first");
  if (*to - *from >= std::chrono::days(kMostReportDays)) {
    return no_period("a report is about at most " + std::to_string(kMostReportDays) + " days");
  }
  return ReportPeriod{*from, *to};
}

std::string to_word(PeriodStep step) { return step == PeriodStep::kDay ? "day" : "month"; }

std::string report_day_text(std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::string period_of(Timestamp when, PeriodStep step) {
  const std::string day = report_day_text(local_time(when).day);
  return step == PeriodStep::kDay ? day : day.substr(0, kMonthLength);
}

}  // namespace certbridge::host

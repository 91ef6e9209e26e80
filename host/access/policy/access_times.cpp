#include "access/policy/access_times.h"

#include <algorithm>
#include <charconv>

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kBeijing{8};

std::optional<int> digits(std::string_view text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || text.front() == '-') return {};
  return number;
}

}  // namespace

LocalTime local_time(Timestamp when) {
  const auto local = when.time_since_epoch() + kBeijing;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return {std::chrono::local_days(day), std::chrono::floor<std::chrono::minutes>(local - day)};
}

bool Period::has_begun(Timestamp when) const { return !first || local_time(when).day >= *first; }
bool Period::has_ended(Timestamp when) const { return last && local_time(when).day > *last; }

bool OfficeHours::hold(Timestamp when) const {
  if (std::none_of(days.begin(), days.end(), [](bool day) { return day; })) return true;
  const LocalTime local = local_time(when);
  const std::chrono::weekday weekday(local.day);
  return days[weekday.c_encoding()] && local.time >= from && local.time < until;
}

std::optional<std::chrono::local_days> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)),
             day = digits(text.substr(8, 2));
  if (!year || !month || !day) return {};
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return {};
  return std::chrono::local_days(date);
}

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return {};
  const auto hour = digits(text.substr(0, 2)), minute = digits(text.substr(3, 2));
  if (!hour || !minute || *minute > 59) return {};
  const std::chrono::minutes time = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (time > std::chrono::hours(24)) return {};
  return time;
}

}  // namespace certbridge::host

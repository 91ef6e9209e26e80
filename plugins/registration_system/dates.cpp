#include "dates.h"

#include <array>
#include <cstdio>
#include <vector>

namespace certbridge::registration {
namespace {

constexpr int kEarliestYear = 1900;  // earlier ones are fillers of the database
constexpr std::chrono::hours kLocalOffset{8};

// What may stand behind a day: nothing, or a time of day.
bool is_time_of_day(std::string_view rest) {
  if (rest.empty()) return true;
  return (rest.front() == ' ' || rest.front() == 'T') &&
         rest.find_first_not_of("0123456789:.+-Z", 1) == std::string_view::npos;
}

// Year, month and day; `at` is then behind them.
std::vector<int> leading_numbers(std::string_view text, std::size_t& at) {
  std::vector<int> numbers;
  while (at < text.size() && numbers.size() < 3) {
    std::size_t digits = 0;
    int value = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 8) {
      value = value * 10 + (text[at++] - '0');
      ++digits;
    }
    if (digits == 8 && numbers.empty()) return {value / 10000, value / 100 % 100, value % 100};
    if (digits == 0 || digits > 4) return {};
    numbers.push_back(value);
    if (numbers.size() == 3) break;
    if (at >= text.size() || (text[at] != '-' && text[at] != '/')) return {};
    ++at;
  }
  return numbers;
}

}  // namespace

Result<std::chrono::year_month_day> parse_day(std::string_view text, const std::string& place) {
  std::size_t end = 0;
  const std::vector<int> parts = leading_numbers(text, end);
  if (parts.size() == 3 && parts[0] >= kEarliestYear && is_time_of_day(text.substr(end))) {
    const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                          std::chrono::month(static_cast<unsigned>(parts[1])),
                                          std::chrono::day(static_cast<unsigned>(parts[2]))};
    if (day.ok()) return day;
  }
  return Error::permanent("registration.date",
                          place + ": not a day from 1900 on in the form 2024-03-18 (" +
                              std::to_string(text.size()) + " characters)");
}

std::string printed_day(std::chrono::year_month_day day) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d年%02u月%02u日", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

std::string day_text(std::chrono::year_month_day day) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

std::string local_time(Timestamp when) {
  const auto local = when + kLocalOffset;
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss time(local - midnight);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d",
                static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text.data();
}

}  // namespace certbridge::registration

#include "submission/numbers.h"

#include <cstdio>

namespace certbridge::provincial_platform {
namespace {

constexpr std::chrono::hours kLocalTime{8};

std::string day_name(const std::string& step_key) { return "day/" + step_key; }

// The step takes a number of this day, durable before the number is taken.
Result<void> bind_day(Memory& memory, const std::string& step_key, const std::string& day) {
  if (auto put = memory.put(step_key, OrderKey{}, day_name(step_key), day); !put) return put;
  return memory.flush(step_key);
}

Result<std::uint64_t> number_of_day(Memory& memory, const std::string& step_key,
                                    std::string_view area, const std::string& day) {
  const auto number = memory.next(step_key, "BizMsgID/" + std::string(area) + "/" + day);
  if (!number) return number.error();
  if (auto flushed = memory.flush(step_key); !flushed) return flushed.error();
  return number.value();
}

Error day_is_full(std::string_view area, const std::string& day, Timestamp when) {
  Error error = Error::retryable("provincial.numbers",
                                 "area " + std::string(area) + " has used all 999,999 numbers of " +
                                     day + "; what is left is sent after midnight");
  error.retry_after =
      std::chrono::duration_cast<std::chrono::milliseconds>(next_local_day(when) - when);
  return error;
}

}  // namespace

std::string local_day(Timestamp when) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(when + kLocalTime));
  char text[16];
  std::snprintf(text, sizeof text, "%02d%02u%02u", static_cast<int>(date.year()) % 100,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

Timestamp next_local_day(Timestamp when) {
  const auto today = std::chrono::floor<std::chrono::days>(when + kLocalTime);
  return Timestamp(today + std::chrono::days(1)) - kLocalTime;
}

std::string number_text(std::string_view area, std::string_view day, std::uint64_t number) {
  char text[16];
  std::snprintf(text, sizeof text, "%06u", static_cast<unsigned>(number));
  return std::string(area) + std::string(day) + text;
}

Result<std::string> next_number(Memory& memory, const std::string& step_key, std::string_view area,
                                Timestamp when) {
  const std::string today = local_day(when);
  const auto known = memory.get(step_key, OrderKey{}, day_name(step_key));
  if (!known) return known.error();
  std::string day = known.value().value_or("");
  while (true) {
    if (day.empty()) {
      day = today;
      if (auto bound = bind_day(memory, step_key, day); !bound) return bound.error();
    }
    const auto number = number_of_day(memory, step_key, area, day);
    if (!number) return number.error();
    if (number.value() <= kLastNumber) return number_text(area, day, number.value());
    if (day == today) return day_is_full(area, day, when);
    day.clear();  // its day was full when it came to it
  }
}

}  // namespace certbridge::provincial_platform

#include "numbers.h"

#include <cstdio>

namespace certbridge::provincial_platform {
namespace {

constexpr std::chrono::hours kLocalTime{8};

// The day whose number the step takes, durable before a number is taken.
Result<std::string> day_of(Memory& memory, const std::string& step_key, Timestamp when) {
  const std::string name = "day/" + step_key;
  auto known = memory.get(step_key, OrderKey{}, name);
  if (!known) return known.error();
  if (known.value()) return *std::move(known).value();
  const std::string day = local_day(when);
  if (auto put = memory.put(step_key, OrderKey{}, name, day); !put) return put.error();
  if (auto flushed = memory.flush(step_key); !flushed) return flushed.error();
  return day;
}

}  // namespace

std::string local_day(Timestamp when) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(when + kLocalTime));
  char text[16];
  std::snprintf(text, sizeof text, "%02d%02u%02u", static_cast<int>(date.year()) % 100,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

Result<std::string> number_text(std::string_view area, std::string_view day, std::uint64_t number) {
  if (number > kLastNumber) {
    return Error::fault("provincial.numbers",
                        "area " + std::string(area) + " has used all 999,999 numbers of " +
                            std::string(day) + "; ask the province before anything more is sent");
  }
  char text[16];
  std::snprintf(text, sizeof text, "%06u", static_cast<unsigned>(number));
  return std::string(area) + std::string(day) + text;
}

Result<std::string> next_number(Memory& memory, const std::string& step_key, std::string_view area,
                                Timestamp when) {
  const auto day = day_of(memory, step_key, when);
  if (!day) return day.error();
  const std::string counter = "BizMsgID/" + std::string(area) + "/" + day.value();
  const auto number = memory.next(step_key, counter);
  if (!number) return number.error();
  if (auto flushed = memory.flush(step_key); !flushed) return flushed.error();
  return number_text(area, day.value(), number.value());
}

}  // namespace certbridge::provincial_platform

// One day of one area: what a daily log is about, as it travels and as it is counted in time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "certbridge/message.h"
#include "certbridge/record.h"

namespace certbridge::provincial_platform {

inline constexpr const char* kCalendarDay = "calendar.day";        // a day that has come
inline constexpr const char* kBookedDayType = "registration.day";  // with what was booked on it
inline constexpr const char* kDayHeader = "day";
inline constexpr const char* kDailyLogKey = "daily-log";  // kind of the order key

struct AreaDay {
  std::string area{};  // six digits
  std::chrono::year_month_day day{};

  std::string day_text() const;     // "2026-11-27"
  std::string compact_day() const;  // "20261127"
  std::string sentence() const;     // "area 990101, 2026-11-27"
  OrderKey order_key() const;       // of the calendar, and of everything about this day
  Timestamp begins() const;         // midnight at +08:00
};

// Of a message with area and the header `day`. "provincial.day" when it has none.
Result<AreaDay> area_day_of(const Message& message);
// Of the text "2026-11-27"; nothing for other text and days that do not exist.
std::optional<std::chrono::year_month_day> parse_day(std::string_view text);

// What the registration system booked on a day.
struct BookedDay {
  AreaDay of{};
  Record facts{};                    // values of the log's own fields, as "areaname"
  std::vector<Record> registered{};  // a row for each booked right and unit
};

// From the answer to the named queries of a day: a set "register", and perhaps a set "head" with
// one row of facts. "provincial.facts" for other sets, rows without case number (ywh) or unit
// (bdcdyh), and more rows than kMostBookings.
inline constexpr std::size_t kMostBookings = 100'000;
Result<BookedDay> booked_day_of(AreaDay of, const std::vector<RecordSet>& sets);

// A message of kBookedDayType as the message that it was made of has it, and back. Reading fails
// with the codes of parse_records(), "provincial.day" and "provincial.facts".
Message write_booked_day(const BookedDay& day, const Message& made_of);
Result<BookedDay> read_booked_day(const Message& message);

}  // namespace certbridge::provincial_platform

#include "daily_log/booked_day.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace certbridge::provincial_platform {
namespace {

constexpr std::chrono::hours kZone{8};
constexpr const char* kFactsSet = "head";
constexpr const char* kRegisterSet = "register";
constexpr std::size_t kAreaCodeDigits = 6;

bool only_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int number_of(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// In one order, whatever that of the database: a log that says the same is the same bytes.
bool is_before(const Record& one, const Record& other) {
  for (const char* field : {"ywh", "bdcdyh", "djlx", "qllx", "booking", "zszmh"}) {
    const std::string left = one.text_or_empty(field);
    const std::string right = other.text_or_empty(field);
    if (left != right) return left < right;
  }
  return false;
}

Error wrong_day(const std::string& why) {
  return Error::permanent("provincial.day", "a daily log is about an area and a day, but " + why);
}

Error wrong_rows(const std::string& why) {
  return Error::permanent("provincial.facts", "what was booked on the day " + why);
}

}  // namespace

std::string AreaDay::day_text() const {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}
std::string AreaDay::compact_day() const {
  std::string text = day_text();
  std::erase(text, '-');
  return text;
}
std::string AreaDay::sentence() const { return "area " + area + ", " + day_text(); }
OrderKey AreaDay::order_key() const { return {kDailyLogKey, area + "|" + day_text()}; }
Timestamp AreaDay::begins() const { return Timestamp(std::chrono::sys_days(day)) - kZone; }

std::optional<std::chrono::year_month_day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const std::string_view year = text.substr(0, 4);
  const std::string_view month = text.substr(5, 2);
  const std::string_view day = text.substr(8, 2);
  if (!only_digits(year) || !only_digits(month) || !only_digits(day)) return {};
  const std::chrono::year_month_day date{
      std::chrono::year(number_of(year)),
      std::chrono::month(static_cast<unsigned>(number_of(month))),
      std::chrono::day(static_cast<unsigned>(number_of(day)))};
  if (!date.ok()) return {};
  return date;
}

Result<AreaDay> area_day_of(const Message& message) {
  if (message.area.size() != kAreaCodeDigits || !only_digits(message.area)) {
    return wrong_day("the message has no area of six digits");
  }
  const auto header = message.headers.find(kDayHeader);
  const auto day = header == message.headers.end() ? std::nullopt : parse_day(header->second);
  if (!day) return wrong_day("its header `day` is no day as 2026-11-27");
  return AreaDay{message.area, *day};
}

Result<BookedDay> booked_day_of(AreaDay of, const std::vector<RecordSet>& sets) {
  BookedDay day;
  day.of = std::move(of);
  bool answered = false;
  for (const RecordSet& set : sets) {
    if (set.name == kRegisterSet) {
      answered = true;
      day.registered = set.records;
    } else if (set.name == kFactsSet && set.records.size() <= 1) {
      if (!set.records.empty()) day.facts = set.records.front();
    } else {
      return wrong_rows("has other sets than `register` and one row of `head`");
    }
  }
  if (!answered) return wrong_rows("has no set `register`, not even an empty one");
  if (day.registered.size() > kMostBookings) return wrong_rows("has more than 100,000 rows");
  for (const Record& row : day.registered) {
    if (row.text_or_empty("ywh").empty() || row.text_or_empty("bdcdyh").empty()) {
      return wrong_rows("has a row of `register` without ywh or bdcdyh");
    }
  }
  std::stable_sort(day.registered.begin(), day.registered.end(), is_before);
  return day;
}

Message write_booked_day(const BookedDay& day, const Message& made_of) {
  Message message = made_of;
  message.type = kBookedDayType;
  message.area = day.of.area;
  message.media_type = kRecordsMediaType;
  message.headers[kDayHeader] = day.of.day_text();
  message.body =
      content_of(write_records({{kFactsSet, {day.facts}}, {kRegisterSet, day.registered}}));
  return message;
}

Result<BookedDay> read_booked_day(const Message& message) {
  auto of = area_day_of(message);
  if (!of) return of.error();
  if (message.type != kBookedDayType || message.body == nullptr) {
    return wrong_day("the message is no registration.day with the rows of its day");
  }
  const auto bytes = read_all(*message.body, kLargestRecords);
  if (!bytes) return bytes.error();
  const auto sets = parse_records(bytes.value());
  if (!sets) return sets.error();
  return booked_day_of(std::move(of).value(), sets.value());
}

}  // namespace certbridge::provincial_platform

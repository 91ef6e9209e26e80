#include <charconv>

#include "certbridge/message.h"

namespace certbridge {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  const char* first = text.data() + at;
  const auto [end, problem] = std::from_chars(first, first + count, number);
  if (problem != std::errc() || end != first + count || number < 0) return {};
  return number;
}

}  // namespace

std::string header_of(const Headers& headers, std::string_view name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::string header_of(const Message& message, std::string_view name) {
  return header_of(message.headers, name);
}

std::optional<Timestamp> parse_message_time(std::string_view text) {
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
    return {};
  if (text[10] != 'T' && text[10] != ' ') return {};
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return {};
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return {};
  const Timestamp read = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                         std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  return text.ends_with('Z') ? read : read - std::chrono::hours(8);
}

}  // namespace certbridge

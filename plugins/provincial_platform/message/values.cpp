#include "message/values.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "certbridge/message.h"
#include "certbridge/text.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kLongestNumber = 40;
constexpr std::chrono::hours kLocal{8};

WireValue broken(const char* rule) { return {{}, rule}; }

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

// Adds one to the last digit.
void round_up(std::string& digits) {
  for (std::size_t i = digits.size(); i-- > 0;) {
    if (digits[i] != '9') {
      ++digits[i];
      return;
    }
    digits[i] = '0';
  }
  digits.insert(digits.begin(), '1');
}

WireValue integer_value(std::string_view text) {
  std::string number = trimmed(text);
  const std::string_view digits = std::string_view(number).substr(number.starts_with('-') ? 1 : 0);
  if (!all_digits(digits) || digits.size() > 18) return broken("is not a whole number");
  return {number, {}};
}

WireValue binary_value(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter || c == '+' || c == '/' || c == '=') {
      plain += c;
    } else if (c != '\r' && c != '\n') {
      return broken("is not Base64");
    }
  }
  return {plain, {}};
}

// "2018", "2018-06-30", "2018-06-30T08:00" and "2018-06-30 08:00:00+08" in the form that
// parse_message_time() takes.
std::string completed(std::string text) {
  if (text.size() == 4 && all_digits(text)) text += "-01-01";
  if (text.size() == 10) return text + " 00:00:00";
  if (text.size() > 10 && text[10] == 'T' && !text.ends_with('Z')) text[10] = ' ';
  for (const std::string_view zone : {"+08:00", "+08"}) {
    if (text.ends_with(zone)) text.erase(text.size() - zone.size());
  }
  return text;
}

}  // namespace

WireValue decimal_value(std::string_view text, int decimals) {
  std::string number = trimmed(text);
  const bool negative = number.starts_with('-');
  if (negative) number.erase(0, 1);
  const auto point = number.find('.');
  std::string digits = number.substr(0, point);
  std::string behind = point == std::string::npos ? std::string() : number.substr(point + 1);
  const bool shaped = all_digits(digits) && (point == std::string::npos || all_digits(behind));
  if (!shaped || number.size() > kLongestNumber) return broken("is not a decimal number");
  const auto places = static_cast<std::size_t>(std::max(decimals, 0));
  const bool up = behind.size() > places && behind[places] >= '5';
  behind.resize(places, '0');
  digits += behind;
  if (up) round_up(digits);
  const auto zeros = digits.substr(0, digits.size() - places).find_first_not_of('0');
  digits.erase(0, zeros == std::string::npos ? digits.size() - places - 1 : zeros);
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  const bool nothing = digits.find_first_not_of("0.") == std::string::npos;
  return {(negative && !nothing ? "-" : "") + digits, {}};
}

WireValue time_value(std::string_view text, std::string_view suffix) {
  const auto when = parse_message_time(completed(trimmed(text)));
  if (!when) return broken("is not a time");
  const auto local = std::chrono::floor<std::chrono::seconds>(*when + kLocal);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(local - day);
  char written[32];
  std::snprintf(written, sizeof written, "%04d-%02u-%02uT%02d:%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return {written + std::string(suffix), {}};
}

WireValue wire_value(ValueType type, std::string_view text, int decimals,
                     std::string_view time_suffix) {
  if (!check_text(text)) return broken("has a character that XML cannot carry");
  switch (type) {
    case ValueType::kInteger:
      return integer_value(text);
    case ValueType::kDecimal:
      return decimal_value(text, decimals);
    case ValueType::kTime:
      return time_value(text, time_suffix);
    case ValueType::kBinary:
      return binary_value(text);
    case ValueType::kText:
      break;
  }
  return {std::string(text), {}};
}

}  // namespace certbridge::provincial_platform

#include "operate/operation.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace certbridge::host {
namespace {

constexpr std::size_t kLongestText = 2000;  // bytes: 500 characters of four

Error wrong(const Parameter& parameter, const std::string& what) {
  return Error::permanent("operate.parameter", std::string("`") + parameter.name + "` " + what +
                                                   " (" + parameter.meaning + ")");
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number < 0) return {};
  return number;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

bool has_control(std::string_view text) {
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte == 0x7F) return true;
  }
  return false;
}

Result<void> check_value(const Parameter& parameter, const std::string& value) {
  switch (parameter.type) {
    case ParameterType::kText:
      if (is_blank(value)) return wrong(parameter, "is empty");
      if (value.size() > kLongestText || has_control(value)) {
        return wrong(parameter, "must be one line of at most 500 characters");
      }
      return {};
    case ParameterType::kNumber:
      if (!parse_number(value)) return wrong(parameter, "must be a whole number from 0");
      return {};
    case ParameterType::kFlag:
      if (value != "yes" && value != "no") return wrong(parameter, "must be yes or no");
      return {};
    case ParameterType::kTime:
      if (!parse_time(value)) {
        return wrong(parameter, "must be a time as 2026-11-27 or 2026-11-27T08:00:00Z");
      }
      return {};
  }
  return {};
}

}  // namespace

std::string OperationCall::text(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second;
}
std::int64_t OperationCall::number(std::string_view name, std::int64_t otherwise) const {
  return parse_number(text(name)).value_or(otherwise);
}
bool OperationCall::flag(std::string_view name) const { return text(name) == "yes"; }
std::optional<Timestamp> OperationCall::time(std::string_view name) const {
  return parse_time(text(name));
}

bool Operation::in_body() const {
  return effect != Effect::kReads || std::any_of(parameters.begin(), parameters.end(),
                                                 [](const Parameter& one) { return one.personal; });
}

const Parameter* Operation::parameter(std::string_view wanted) const {
  for (const Parameter& one : parameters) {
    if (wanted == one.name) return &one;
  }
  return nullptr;
}

Result<void> check_parameters(const Operation& operation, const ParameterValues& values) {
  for (const auto& [name, value] : values) {
    const Parameter* parameter = operation.parameter(name);
    if (parameter == nullptr) {
      return Error::permanent("operate.parameter",
                              "`" + operation.name() + "` takes no parameter of that name");
    }
    if (auto fine = check_value(*parameter, value); !fine) return fine;
  }
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.required && !values.contains(parameter.name)) {
      return wrong(parameter, "is needed");
    }
  }
  return {};
}

std::optional<Timestamp> parse_time(std::string_view text) {
  const std::string copy(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, end = 0;
  const int found = std::sscanf(copy.c_str(), "%4d-%2d-%2d%nT%2d:%2d:%2dZ%n", &year, &month, &day,
                                &end, &hour, &minute, &second, &end);
  if ((found != 3 && found != 6) || static_cast<std::size_t>(end) != copy.size()) return {};
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace certbridge::host

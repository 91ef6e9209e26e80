#include "cli/report_context.h"

#include <charconv>
#include <filesystem>
#include <fstream>

#include "cli/exit_codes.h"

namespace certbridge::host {
namespace {

constexpr std::uint32_t kHighest = 1'000'000;

}  // namespace

std::string value_in(const ParameterValues& values, std::string_view name) {
  const auto found = values.find(name);
  return found == values.end() ? std::string() : found->second;
}

std::optional<ReportPeriod> report_period(const ParameterValues& values, Screen& problems) {
  const std::string month = value_in(values, "month");
  const std::string from = value_in(values, "from");
  const std::string to = value_in(values, "to");
  if (month.empty() == from.empty() || from.empty() != to.empty()) {
    problems.line("a report needs --month, or --from and --to", Tone::kBad);
    return {};
  }
  const auto period = month.empty() ? day_period(from, to) : month_period(month);
  if (period) return period.value();
  problems.line(period.error().message, Tone::kBad);
  return {};
}

std::optional<std::uint32_t> number_in(const ParameterValues& values, const char* name,
                                       std::uint32_t otherwise, Screen& problems) {
  const std::string text = value_in(values, name);
  if (text.empty()) return otherwise;
  std::uint32_t number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong == std::errc() && end == text.data() + text.size() && number >= 1 &&
      number <= kHighest) {
    return number;
  }
  problems.line(std::string("--") + name + " takes a number from 1 to 1000000", Tone::kBad);
  return {};
}

int write_report(const Arguments& arguments, const std::string& text, Screen& out,
                 Screen& problems) {
  if (arguments.output.empty()) {
    out.line(text.substr(0, text.find_last_not_of("\r\n") + 1));
    return kExitOk;
  }
  std::ofstream file(arguments.output, std::ios::binary | std::ios::trunc);
  std::error_code refused;
  std::filesystem::permissions(
      arguments.output, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
      refused);
  file << text;
  file.close();
  if (!file || refused) {
    problems.line(arguments.output + ": cannot be written", Tone::kBad);
    return kExitNotFound;
  }
  out.line(arguments.output + ": " + std::to_string(text.size()) + " bytes", Tone::kGood);
  return kExitOk;
}

}  // namespace certbridge::host

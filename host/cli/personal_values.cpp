#include "cli/personal_values.h"

#include <fstream>

namespace certbridge::host {
namespace {

constexpr std::size_t kLongestLine = 4096;  // bytes

Result<std::string> line_of(std::istream& input, const Parameter& parameter) {
  std::string line;
  for (char c = 0; line.size() <= kLongestLine && input.get(c) && c != '\n';) line += c;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty() || line.size() > kLongestLine) {
    return Error::permanent("operate.parameter", std::string("no line can be read for `") +
                                                     parameter.name + "` (" + parameter.meaning +
                                                     ")");
  }
  return line;
}

}  // namespace

Result<void> read_personal_values(const Operation& operation, std::istream& input,
                                  ParameterValues& values) {
  for (const Parameter& parameter : operation.parameters) {
    const auto given = values.find(parameter.name);
    if (!parameter.personal || given == values.end()) continue;
    const bool from_file = given->second.starts_with('@');
    if (!from_file && given->second != "-") continue;
    std::ifstream file;
    if (from_file) file.open(given->second.substr(1));
    auto line = line_of(from_file ? file : input, parameter);
    if (!line) return line.error();
    given->second = std::move(line).value();
  }
  return {};
}

}  // namespace certbridge::host

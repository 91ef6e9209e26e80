#include "reports/csv.h"

#include <algorithm>
#include <array>

namespace certbridge::host {
namespace {

bool begins_as_a_formula(std::string_view text) {
  static constexpr std::array<std::string_view, 11> kSigns{"=",  "+",  "-",  "@",  "\t", "\r",
                                                           "\n", "＝", "＋", "－", "＠"};
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [text](std::string_view sign) { return text.starts_with(sign); });
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell = begins_as_a_formula(text) ? "'" : "";
  cell += text;
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line += ",";
    line += csv_cell(cell);
  }
  return line + "\r\n";
}

}  // namespace certbridge::host

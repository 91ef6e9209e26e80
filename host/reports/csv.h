// Comma separated values (RFC 4180) that open in a spreadsheet as what they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace certbridge::host {

// A cell with the quotes that it needs. One that begins as a formula does (= + - @, a tab or line
// break, or the full-width forms of the signs) gets an apostrophe in front.
std::string csv_cell(std::string_view text);
// With its line end, CR LF.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace certbridge::host

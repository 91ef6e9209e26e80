// A page that can be printed by any browser: no script, nothing from outside.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace certbridge::host {

class PrintPage {
 public:
  using Rows = std::vector<std::pair<std::string, std::string>>;

  explicit PrintPage(std::string_view title);
  void heading(std::string_view text);
  void line(std::string_view text);
  // One name and one value a row; empty values are left out.
  void facts(const Rows& rows);
  // The first row is the heading.
  void table(const std::vector<std::vector<std::string>>& rows);
  // The whole document; nothing may be added afterwards.
  std::string finish();

 private:
  std::string html_;
};

// The members of a JSON object as rows, names of what lies deeper joined by dots; an object of a
// `name` and a `value` is one row of that name. `members`: without the braces around them. None
// when they are no JSON.
PrintPage::Rows rows_of_members(std::string_view members);

}  // namespace certbridge::host

#include "sql_text.h"

#include <algorithm>

namespace certbridge::sql {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

std::size_t after(std::string_view text, std::size_t from, std::string_view end) {
  const std::size_t found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

// The place behind what starts at `at` and holds no parameter; `at` itself when nothing does.
std::size_t pass_over(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '\'' || c == '"') return after(text, at + 1, std::string_view(&text[at], 1));
  if (text.substr(at, 2) == "--") return after(text, at + 2, "\n");
  if (text.substr(at, 2) == "/*") return after(text, at + 2, "*/");
  if (text.substr(at, 2) == "::") return at + 2;
  return at;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && !(text[0] >= '0' && text[0] <= '9') &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

}  // namespace

std::vector<std::string> parameters_of(std::string_view statement) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < statement.size();) {
    const std::size_t next = pass_over(statement, at);
    if (next != at) {
      at = next;
    } else if (statement[at] == ':' && at + 1 < statement.size() && is_letter(statement[at + 1])) {
      std::size_t end = at + 1;
      while (end < statement.size() && is_word(statement[end])) ++end;
      std::string name(statement.substr(at + 1, end - at - 1));
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      at = end;
    } else {
      ++at;
    }
  }
  return names;
}

bool is_column_name(std::string_view text) { return is_name(text); }

bool is_table_name(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return is_name(text);
  return is_name(text.substr(0, dot)) && is_name(text.substr(dot + 1));
}

}  // namespace certbridge::sql

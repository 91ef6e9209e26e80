#include "file_name.h"

#include <algorithm>

namespace certbridge::file {
namespace {

constexpr std::size_t kLongestName = 200;  // most systems hold 255; suffixes are appended to it
constexpr int kDeepestPath = 8;

bool may_stand_in_name(char c) {
  constexpr std::string_view kForbidden = "/\\\":*?<>|";
  return c >= ' ' && c <= '~' && kForbidden.find(c) == std::string_view::npos;
}

}  // namespace

Result<void> check_name(std::string_view name) {
  const auto refuse = [](const char* why) { return Error::permanent("file.name", why); };
  if (name.empty() || name.size() > kLongestName)
    return refuse("a file name has 1 to 200 characters");
  if (!std::all_of(name.begin(), name.end(), may_stand_in_name))
    return refuse("a file name is of printable ASCII characters without / \\ \" : * ? < > |");
  if (name.front() == '.' || name.front() == '-' || name.front() == ' ')
    return refuse("a file name does not begin with a dot, a hyphen or a blank");
  if (name.back() == '.' || name.back() == ' ')
    return refuse("a file name does not end in a dot or a blank");
  return {};
}

Result<void> check_path(std::string_view path) {
  for (int depth = 0; depth < kDeepestPath; ++depth) {
    const auto slash = path.find('/');
    if (auto checked = check_name(path.substr(0, slash)); !checked) return checked.error();
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
  return Error::permanent("file.name", "the path of the file is nested too deeply");
}

std::string escaped_name(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  if (check_name(name)) return std::string(name);
  std::string escaped;
  for (const char c : name) {
    if (may_stand_in_name(c) && c != '%' &&
        !(escaped.empty() && (c == '.' || c == '-' || c == ' '))) {
      escaped += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped += {'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
  }
  if (escaped.size() > kLongestName) escaped.resize(kLongestName);
  if (!escaped.empty() && (escaped.back() == '.' || escaped.back() == ' ')) escaped.back() = '_';
  return escaped;
}

}  // namespace certbridge::file

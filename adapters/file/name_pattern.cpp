#include "name_pattern.h"

#include <algorithm>

namespace certbridge::file {
namespace {

constexpr std::string_view kKeyWord = "{key}";
constexpr std::size_t kLongestPattern = 200;  // as file names

Error no_pattern(const std::string& why) {
  return Error::fault("file.option", "the option order-name: " + why);
}

bool stands_at(std::string_view name, std::size_t at, std::string_view part) {
  if (at + part.size() > name.size()) return false;
  return std::equal(part.begin(), part.end(), name.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char wanted, char there) { return wanted == '?' || wanted == there; });
}

// Where `part` stands first from `at` on; npos where it does not.
std::size_t find_part(std::string_view name, std::size_t at, std::string_view part) {
  for (; at + part.size() <= name.size(); ++at) {
    if (stands_at(name, at, part)) return at;
  }
  return std::string_view::npos;
}

}  // namespace

Result<NamePattern> NamePattern::parse(std::string_view text) {
  NamePattern pattern;
  pattern.text_ = text;
  if (text.empty() || text.size() > kLongestPattern) return no_pattern("1 to 200 characters");
  pattern.parts_.emplace_back();
  std::size_t keys = 0;
  while (!text.empty()) {
    const bool is_key = text.starts_with(kKeyWord);
    if (!is_key && text.front() != '*') {
      if (text.front() == '{' || text.front() == '}' || text.front() == '/')
        return no_pattern("a file name has no / { } there");
      pattern.parts_.back() += text.front();
      text.remove_prefix(1);
      continue;
    }
    if (pattern.parts_.size() > 1 && pattern.parts_.back().empty())
      return no_pattern("other text stands between {key} and *");
    if (is_key) pattern.key_ = pattern.parts_.size() - 1;
    keys += is_key ? 1 : 0;
    pattern.parts_.emplace_back();
    text.remove_prefix(is_key ? kKeyWord.size() : 1);
  }
  if (keys != 1) return no_pattern("{key} stands in it once");
  return pattern;
}

std::optional<std::string> NamePattern::key_of(std::string_view name) const {
  if (!stands_at(name, 0, parts_.front())) return {};
  std::size_t end = parts_.front().size();  // of the part before the gap
  std::string key;
  for (std::size_t gap = 0; gap + 1 < parts_.size(); ++gap) {
    const std::string& part = parts_[gap + 1];
    const std::size_t least = end + (gap == key_ ? 1 : 0);
    std::size_t found = find_part(name, least, part);
    if (gap + 2 == parts_.size()) {  // the last part is the name's end
      found = name.size() < part.size() ? std::string_view::npos : name.size() - part.size();
      if (found < least || !stands_at(name, found, part)) return {};
    }
    if (found == std::string_view::npos) return {};
    if (gap == key_) key = name.substr(end, found - end);
    end = found + part.size();
  }
  return key;
}

}  // namespace certbridge::file

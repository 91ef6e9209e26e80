#include "addresses.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kLongestAddress = 2048;
constexpr std::string_view kArrow = "=>";

Error bad_option(const std::string& why) {
  return Error::fault("municipal.option", "the option file-addresses " + why +
                                              "; write it as \"http://10.1.2.3:8080/temp/ => "
                                              "/temp/\", several by blanks");
}
Error refused(const std::string& why) {
  return Error::permanent("municipal.file_address",
                          "the library names an address for the file that " + why +
                              "; it was not asked. Addresses that may be asked stand in the option "
                              "file-addresses");
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Whether a path has one meaning for everybody who reads it: plain segments, none of them empty or
// leading out; no character written as an escape that could be a dot, a slash or a control.
bool is_plain_path(std::string_view path) {
  if (path.find_first_of("\\;@?#") != std::string_view::npos) return false;
  const std::string small = lower(path);
  static constexpr std::array<std::string_view, 6> kEscapes{"%2e", "%2f", "%5c",
                                                            "%25", "%3b", "%7f"};
  for (const std::string_view escape : kEscapes) {
    if (small.find(escape) != std::string::npos) return false;
  }
  if (small.find("%0") != std::string::npos || small.find("%1") != std::string::npos) return false;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const auto end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    const bool last = end == path.size();
    if (segment == "." || segment == ".." || (segment.empty() && !last)) return false;
    begin = end + 1;
  }
  return true;
}

// "http://host:8080/a/": scheme, host and a path that ends in a slash.
bool is_prefix(std::string_view prefix) {
  if (!prefix.starts_with("http://") && !prefix.starts_with("https://")) return false;
  const std::string_view rest = prefix.substr(prefix.find("//") + 2);
  const auto slash = rest.find('/');
  return slash != std::string_view::npos && slash > 0 && rest.ends_with('/') && is_visible(rest) &&
         is_plain_path(rest);
}
bool is_path(std::string_view path) {
  return path.starts_with('/') && path.ends_with('/') && is_visible(path) &&
         (path == "/" || is_plain_path(path.substr(1)));
}

// Scheme and host make no difference between capitals and small letters.
std::string with_small_host(std::string_view address) {
  const auto mark = address.find("//");
  if (mark == std::string_view::npos) return std::string(address);
  const auto slash = std::min(address.find('/', mark + 2), address.size());
  return lower(address.substr(0, slash)) + std::string(address.substr(slash));
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(" \t\r\n"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

}  // namespace

Result<std::vector<AddressRule>> read_addresses(std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  if (words.size() % 3 != 0) return bad_option("is not a row of prefix => path");
  std::vector<AddressRule> rules;
  for (std::size_t i = 0; i < words.size(); i += 3) {
    AddressRule rule{with_small_host(words[i]), words[i + 2]};
    if (words[i + 1] != kArrow) return bad_option("has no => between prefix and path");
    if (!is_prefix(rule.prefix)) {
      return bad_option("has a prefix that is not http:// or https:// with a host, ending in /");
    }
    if (!is_path(rule.path)) return bad_option("has a path that does not begin and end in /");
    rules.push_back(std::move(rule));
  }
  return rules;
}

Result<std::string> path_of_address(const std::vector<AddressRule>& rules,
                                    std::string_view address) {
  if (address.empty() || address.size() > kLongestAddress) return refused("is empty or too long");
  if (!is_visible(address)) return refused("holds blanks or characters that are not ASCII");
  const std::string plain = with_small_host(address);
  for (const AddressRule& rule : rules) {
    if (!plain.starts_with(rule.prefix)) continue;
    const std::string_view rest = std::string_view(plain).substr(rule.prefix.size());
    const std::string_view path = rest.substr(0, rest.find('?'));
    if (path.empty() || !is_plain_path(path) || rest.find('#') != std::string_view::npos) {
      return refused("leaves what is allowed, or could be read in two ways");
    }
    return rule.path + std::string(rest);
  }
  return refused("begins with nothing that is allowed");
}

}  // namespace certbridge::municipal_library

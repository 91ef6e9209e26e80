#include "archive/ustar.h"

#include <algorithm>
#include <numeric>

namespace certbridge::host {
namespace {

constexpr std::size_t kLongestPath = 100;
constexpr std::size_t kSizeAt = 124, kModifiedAt = 136, kChecksumAt = 148, kNumberDigits = 11;
constexpr std::string_view kMagic{"ustar\00000", 8};

bool is_path_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' ||
         c == '/';
}

std::string octal(std::uint64_t number, std::size_t digits) {
  std::string text(digits, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 3) {
    *digit = static_cast<char>('0' + (number & 7));
  }
  return text;
}

std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  for (const char digit : digits) number = number << 3 | static_cast<unsigned>(digit & 7);
  return number;
}

void put(std::string& block, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), block.begin() + static_cast<std::ptrdiff_t>(at));
}

// As it is with blanks where the sum itself will stand.
std::uint64_t sum_of(const std::string& block) {
  return std::accumulate(
      block.begin(), block.end(), std::uint64_t{0},
      [](std::uint64_t sum, char c) { return sum + static_cast<unsigned char>(c); });
}

}  // namespace

bool is_package_path(std::string_view path) {
  if (path.empty() || path.size() > kLongestPath) return false;
  if (!std::all_of(path.begin(), path.end(), is_path_character)) return false;
  char before = '/';
  for (const char c : path) {
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return before != '/';
}

std::string ustar_header(const UstarEntry& entry) {
  std::string block(kUstarBlock, '\0');
  put(block, 0, entry.path);
  put(block, 100, "0000644");
  put(block, 108, "0000000");
  put(block, 116, "0000000");
  put(block, kSizeAt, octal(entry.size, kNumberDigits));
  put(block, kModifiedAt, octal(static_cast<std::uint64_t>(entry.modified), kNumberDigits));
  put(block, kChecksumAt, "        ");
  block[156] = '0';
  put(block, 257, kMagic);
  put(block, kChecksumAt, octal(sum_of(block), 6) + std::string("\0 ", 2));
  return block;
}

std::optional<UstarEntry> read_ustar_header(std::string_view block) {
  if (block.size() != kUstarBlock) return {};
  UstarEntry entry;
  entry.path = std::string(block.substr(0, kLongestPath));
  entry.path.resize(std::min(entry.path.find('\0'), entry.path.size()));
  entry.size = number_of(block.substr(kSizeAt, kNumberDigits));
  entry.modified = static_cast<std::int64_t>(number_of(block.substr(kModifiedAt, kNumberDigits)));
  if (!is_package_path(entry.path) || ustar_header(entry) != block) return {};
  return entry;
}

std::size_t ustar_filling(std::uint64_t size) {
  return static_cast<std::size_t>((kUstarBlock - size % kUstarBlock) % kUstarBlock);
}

}  // namespace certbridge::host

#include "manifest.h"

#include <algorithm>

namespace certbridge::file {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error bad(const char* why) { return Error::permanent("file.manifest", why); }

// The only line; nothing when there are several.
std::optional<std::string_view> only_line(std::string_view text) {
  const auto end = text.find_last_not_of("\r\n");
  text = end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
  if (text.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
  return text;
}

Result<std::string> read_digest(std::string_view hex, DigestKind kind) {
  if (hex.size() != hex_length(kind))
    return bad("the digest of the manifest has another length than its kind");
  std::string digest;
  for (const char c : hex) {
    const bool is_upper = c >= 'A' && c <= 'F';
    if (!is_upper && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
      return bad("the digest of the manifest is not hexadecimal");
    digest += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return digest;
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view text, std::string_view name, DigestKind kind) {
  if (text.size() > kLargestManifest) return bad("the manifest is too large");
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Manifest{};
  const auto line = only_line(text);
  if (!line) return bad("the manifest has several lines; it speaks of one file");
  const auto blank = line->find(' ');
  auto digest = read_digest(line->substr(0, blank), kind);
  if (!digest) return digest.error();
  if (blank == std::string_view::npos) return Manifest{std::move(digest).value()};
  std::string_view named = line->substr(blank + 1);
  if (named.starts_with(' ') || named.starts_with('*')) named.remove_prefix(1);
  if (named != name) return bad("the manifest speaks of another file");
  return Manifest{std::move(digest).value()};
}

}  // namespace certbridge::file

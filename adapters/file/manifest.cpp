#include "manifest.h"

#include <algorithm>

#include "file_name.h"

namespace certbridge::file {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Error bad(const std::string& why) { return Error::permanent("file.manifest", why); }

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

// "DIGEST", "DIGEST  NAME" or "DIGEST *NAME"; the name is empty in the first.
Result<ListedFile> read_line(std::string_view line, DigestKind kind) {
  const auto blank = line.find(' ');
  auto digest = read_digest(line.substr(0, blank), kind);
  if (!digest) return digest.error();
  ListedFile listed{{}, std::move(digest).value()};
  if (blank == std::string_view::npos) return listed;
  std::string_view named = line.substr(blank + 1);
  if (named.starts_with(' ') || named.starts_with('*')) named.remove_prefix(1);
  listed.name = named;
  return listed;
}

// Takes the mark away. True when nothing but white space is left.
bool is_blank(std::string_view& text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Result<void> check_listed(const std::vector<ListedFile>& before, const ListedFile& listed,
                          const FileListRules& rules) {
  if (before.size() >= rules.most)
    return bad("the manifest names more than " + std::to_string(rules.most) + " files");
  const bool is_manifest =
      !rules.manifest_suffix.empty() && listed.name.ends_with(rules.manifest_suffix);
  if (!check_name(listed.name) || is_manifest)
    return bad("the manifest names a file that cannot be called so");
  const bool twice = std::any_of(before.begin(), before.end(),
                                 [&](const ListedFile& one) { return one.name == listed.name; });
  if (twice) return bad("the manifest names a file twice");
  return {};
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view text, std::string_view name, DigestKind kind) {
  if (text.size() > kLargestManifest) return bad("the manifest is too large");
  if (is_blank(text)) return Manifest{};
  const auto line = only_line(text);
  if (!line) return bad("the manifest has several lines; it speaks of one file");
  auto listed = read_line(*line, kind);
  if (!listed) return listed.error();
  const bool only_digest = line->find(' ') == std::string_view::npos;
  if (!only_digest && listed.value().name != name)
    return bad("the manifest speaks of another file");
  return Manifest{std::move(listed).value().digest};
}

Result<std::vector<ListedFile>> parse_file_list(std::string_view text, std::string_view name,
                                                const FileListRules& rules) {
  if (text.size() > kLargestFileList) return bad("the manifest is too large");
  std::vector<ListedFile> files;
  if (is_blank(text)) {
    files.push_back({std::string(name), {}});
    return files;
  }
  text = text.substr(0, text.find_last_not_of("\r\n") + 1);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    auto listed = read_line(line, rules.kind);
    if (!listed) return listed.error();
    const bool only_digest = line.find(' ') == std::string_view::npos;
    if (only_digest && files.empty() && end == text.size()) listed.value().name = name;
    if (auto checked = check_listed(files, listed.value(), rules); !checked) return checked.error();
    files.push_back(std::move(listed).value());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return files;
}

}  // namespace certbridge::file

// What lies in a drop folder (adapters/file): manifests, names, listings, and content of a charset.
#include <algorithm>
#include <sstream>

#include "charset.h"
#include "file_name.h"
#include "ftp_replies.h"
#include "ftp_streams.h"
#include "fuzz.h"
#include "manifest.h"
#include "name_pattern.h"

namespace certbridge::fuzz {
namespace {

const std::string kName = "Biz990101260214000123.xml";
const std::string kDigest(64, 'a');

void check_manifest(std::string_view input) {
  const auto read = file::parse_manifest(input, kName, file::DigestKind::kSha256);
  if (!read) return require_refusal(read.error(), input);
  const std::string& digest = read.value().digest;
  if (digest.empty()) return;
  const std::string line = digest + "  " + kName + "\n";
  const auto again = file::parse_manifest(line, kName, file::DigestKind::kSha256);
  require(again && again.value().digest == digest, "what was read is written and read the same");
}

void check_file_list(std::string_view input) {
  const file::FileListRules rules{file::DigestKind::kSha256, 3, ".sha256"};
  const auto read = file::parse_file_list(input, kName, rules);
  if (!read) return require_refusal(read.error(), input);
  require(!read.value().empty() && read.value().size() <= rules.most, "as many as agreed on");
  std::string lines;
  for (const file::ListedFile& listed : read.value()) {
    require(file::check_name(listed.name).ok(), "a listed name leads nowhere");
    lines += listed.digest + "  " + listed.name + "\n";
  }
  if (read.value().front().digest.empty()) return;
  const auto again = file::parse_file_list(lines, kName, rules);
  require(again && again.value().size() == read.value().size(), "lists are written and read");
}

// The first line is a pattern, what follows is a name.
void check_pattern(std::string_view input) {
  const auto end = std::min(input.find('\n'), input.size());
  const auto pattern = file::NamePattern::parse(input.substr(0, end));
  if (!pattern) return require_refusal(pattern.error(), input);
  const std::string_view name = input.substr(std::min(end + 1, input.size()));
  const auto key = pattern.value().key_of(name);
  require(!key || (!key->empty() && name.find(*key) != std::string_view::npos),
          "a key stands in its name");
}

void check_name(std::string_view input) {
  const std::string escaped = file::escaped_name(input);
  require(input.empty() || file::check_name(escaped).ok(), "an escaped name is a proper one");
  if (auto proper = file::check_name(input); !proper) return require_refusal(proper.error(), input);
  require(escaped == input, "a proper name stays as it is");
  require(file::check_path(input).ok(), "a name is a path");
}

void check_listing(std::string_view input) {
  std::istringstream data{std::string(input)};
  std::string name;
  std::size_t taken = 0;
  while (file::next_listed_name(data, name)) {
    require(++taken <= input.size() + 1, "a listing comes to its end");
    if (name.size() > file::kLongestListedName) return;
    require(name.find_first_of("/\n") == std::string::npos, "a listed name leads nowhere");
  }
  static_cast<void>(file::number_of_reply(input));
}

std::string charset_of(std::string_view input, std::size_t piece) {
  file::CharsetCheck check(file::Charset::kDetect);
  for (std::size_t at = 0; at < input.size(); at += piece)
    check.add(std::as_bytes(std::span(input).subspan(at, std::min(piece, input.size() - at))));
  auto found = check.finish();
  if (!found) require_refusal(found.error(), input);
  return found ? found.value() : found.error().message;
}

}  // namespace

std::vector<std::string> samples() {
  return {kDigest + "  " + kName + "\n",
          kDigest + " *" + kName,
          kDigest,
          "\n",
          kDigest + "  a.xml\n" + kDigest + " *b.pdf\r\n",
          "Biz_{key}_*.xml\nBiz_411324001_7.xml",
          "in/a.xml\r\n/in/b.xml\nc.xml",
          "<?xml version=\"1.0\" encoding=\"GBK\"?><a>\xB7\xBF</a>",
          "\xEF\xBB\xBF<a>\xE6\x88\xBF</a>"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_manifest(input);
  check_file_list(input);
  check_pattern(input);
  check_name(input);
  check_listing(input);
  require(charset_of(input, 1) == charset_of(input, 4096),
          "where bytes are cut makes no difference");
  return 0;
}

// What lies in a drop folder (adapters/file): manifests, names, listings, and content of a charset.
#include <algorithm>
#include <sstream>

#include "charset.h"
#include "file_name.h"
#include "ftp_replies.h"
#include "ftp_streams.h"
#include "fuzz.h"
#include "manifest.h"

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
          "in/a.xml\r\n/in/b.xml\nc.xml",
          "<?xml version=\"1.0\" encoding=\"GBK\"?><a>\xB7\xBF</a>",
          "\xEF\xBB\xBF<a>\xE6\x88\xBF</a>"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_manifest(input);
  check_name(input);
  check_listing(input);
  require(charset_of(input, 1) == charset_of(input, 4096),
          "where bytes are cut makes no difference");
  return 0;
}

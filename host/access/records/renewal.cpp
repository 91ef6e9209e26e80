#include "access/records/renewal.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "access/records/disk_error.h"
#include "access/records/frame_reader.h"
#include "access/records/hex.h"
#include "access/records/marks.h"
#include "access/records/segment_file.h"
#include "certbridge/text.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::string_view kFirstLine = "certbridge access renewal 1";
constexpr std::string_view kEnding = ".renewal";
constexpr std::string_view kSignature = "signature ";
constexpr std::uintmax_t kLargest = 16 << 20;

// SHA-256 in pieces.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string finish() {
    std::string digest(32, '\0');
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return to_hex_text(digest);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// Every byte of a file up to `size`.
void digest_file(const std::string& path, std::uint64_t size, Sm3& sm3, Sha256& sha256) {
  std::ifstream stream(path, std::ios::binary);
  std::string piece(1 << 20, '\0');
  while (size > 0) {
    const std::uint64_t wanted = std::min<std::uint64_t>(size, piece.size());
    if (!stream.read(piece.data(), static_cast<std::streamsize>(wanted))) throw disk_error(path);
    const std::string_view read = std::string_view(piece).substr(0, wanted);
    sm3.add(read);
    sha256.add(read);
    size -= wanted;
  }
}

std::string line_of(const RenewedSegment& segment) {
  return "segment " + segment.name + " " + std::to_string(segment.first) + " " +
         std::to_string(segment.last) + " " + std::to_string(segment.bytes) + " " +
         to_hex(segment.sm3) + " " + segment.sha256 + " " + to_hex(segment.last_hash) + "\n";
}

bool read_digest(const std::string& hex, Sm3Digest& digest) {
  const auto parsed = parse_sm3_digest(hex);
  if (parsed.ok()) digest = parsed.value();
  return parsed.ok();
}

bool read_segment(const std::string& line, RenewedSegment& segment) {
  std::istringstream words(line);
  std::string word, sm3, last_hash, more;
  words >> word >> segment.name >> segment.first >> segment.last >> segment.bytes >> sm3 >>
      segment.sha256 >> last_hash;
  return words && !(words >> more) && word == "segment" && is_segment_name(segment.name) &&
         segment.first <= segment.last && read_digest(sm3, segment.sm3) &&
         read_digest(last_hash, segment.last_hash) && line + "\n" == line_of(segment);
}

// The words behind the name of a line, or nothing when it is another one.
std::string value_in(const std::string& line, const std::string& name) {
  return line.starts_with(name + " ") ? line.substr(name.size() + 1) : std::string();
}

bool read_head(std::istream& lines, Renewal& renewal) {
  std::string line;
  std::getline(lines, line);
  if (line != kFirstLine) return false;
  std::getline(lines, line);
  renewal.node = value_in(line, "node");
  std::getline(lines, line);
  const std::string made = value_in(line, "made");
  std::int64_t milliseconds = 0;
  std::from_chars(made.data(), made.data() + made.size(), milliseconds);
  renewal.made = Timestamp(std::chrono::milliseconds(milliseconds));
  std::getline(lines, line);
  std::string key;
  if (!from_hex_text(value_in(line, "key"), key) || key.size() != renewal.key.size()) return false;
  std::copy(key.begin(), key.end(), renewal.key.begin());
  return !renewal.node.empty() && made == std::to_string(milliseconds);
}

// The reason why it is not believed, or nothing.
std::string read_renewal(const std::string& text, const std::vector<CheckingKey>& keys,
                         Renewal& renewal) {
  const auto at = text.rfind(kSignature);
  std::string signature;
  if (at == std::string::npos || at == 0 || text[at - 1] != '\n' || text.back() != '\n' ||
      !from_hex_text(text.substr(at + kSignature.size(), text.size() - 1 - at - kSignature.size()),
                     signature)) {
    return "it has no signature";
  }
  const std::string signed_text = text.substr(0, at);
  std::istringstream lines(signed_text);
  if (!read_head(lines, renewal)) return "it is no renewal of this format";
  for (std::string line; std::getline(lines, line);) {
    if (!read_segment(line, renewal.segments.emplace_back())) return "a line of it is no segment";
  }
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const CheckingKey& given) {
    return given.id() == renewal.key;
  });
  if (key == keys.end()) return "it is signed with a key that was not given";
  if (!key->signed_this(signed_text, signature)) return "it has no valid signature";
  return {};
}

std::string renewals_folder(const SegmentFolder& folder) { return folder.path() + "/renewals"; }

}  // namespace

RenewedSegment renewed(const SegmentFolder& folder, const std::string& segment) {
  RenewedSegment found;
  found.name = segment;
  FrameReader reader(folder.segment_file(segment));
  Frame frame;
  FrameReading reading = reader.next(frame);
  for (; reading == FrameReading::kFrame && frame.intact; reading = reader.next(frame)) {
    if (found.first == 0) found.first = frame.number;
    found.last = frame.number;
    found.last_hash = frame.hash;
  }
  if (reading != FrameReading::kEnd || reader.rest_size() > 0 || found.first == 0) {
    throw Failure(Error::fault(
        "access.damaged", "segment " + segment + " is damaged: run `certbridge access verify`"));
  }
  found.bytes = reader.offset();
  Sm3 sm3;
  Sha256 sha256;
  digest_file(folder.segment_file(segment), found.bytes, sm3, sha256);
  found.sm3 = sm3.finish();
  found.sha256 = sha256.finish();
  return found;
}

std::string make_renewal(const SegmentFolder& folder, const std::string& node, Timestamp now,
                         const SignatureKey& key) {
  auto segments = folder.segments();
  if (segments.size() < 2) {
    throw Failure(Error::permanent("access.no_log", folder.path() + " has no closed segment yet"));
  }
  segments.pop_back();
  std::string text =
      std::string(kFirstLine) + "\nnode " + node + "\nmade " +
      std::to_string(now.time_since_epoch().count()) + "\nkey " +
      to_hex_text({reinterpret_cast<const char*>(key.id().data()), key.id().size()}) + "\n";
  for (const std::string& segment : segments) text += line_of(renewed(folder, segment));
  text += std::string(kSignature) + to_hex_text(key.sign(text)) + "\n";
  std::error_code none;
  std::filesystem::create_directory(renewals_folder(folder), none);
  std::string file = renewals_folder(folder) + "/" +
                     std::to_string(now.time_since_epoch().count()) + std::string(kEnding);
  SegmentFile::make(file, text, 0);  // whole or not there
  return file;
}

std::vector<Renewal> read_renewals(const SegmentFolder& folder,
                                   const std::vector<CheckingKey>& keys,
                                   std::vector<std::pair<std::string, std::string>>& refused) {
  std::vector<std::string> files;
  std::error_code none;
  for (std::filesystem::directory_iterator at(renewals_folder(folder), none), end;
       !none && at != end; at.increment(none)) {
    if (at->path().extension() == kEnding) files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  std::vector<Renewal> renewals;
  for (const std::string& file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream || std::filesystem::file_size(file, none) > kLargest) throw disk_error(file);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    Renewal renewal;
    renewal.file = file;
    const std::string reason = read_renewal(text, keys, renewal);
    if (reason.empty()) {
      renewals.push_back(std::move(renewal));
    } else {
      refused.emplace_back(file, reason);
    }
  }
  return renewals;
}

}  // namespace certbridge::host

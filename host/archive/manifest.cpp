#include "archive/manifest.h"

#include <algorithm>
#include <charconv>

#include "access/records/hex.h"
#include "archive/ustar.h"
#include "certbridge/text.h"
#include "journal/cipher.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::string_view kManifestLine = "certbridge archive 1";
constexpr std::string_view kSealLine = "certbridge archive seal 1";
constexpr std::size_t kLongestSubject = 256;

// Takes a text of lines apart, each with its first word. What is wrong makes it end.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool ended() const { return rest_.empty(); }
  std::string_view next() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return line;
  }
  // What stands behind the word; empty when the line is another one.
  std::string_view value(std::string_view word) {
    const std::string_view line = next();
    if (!line.starts_with(word) || line.size() <= word.size() + 1) return {};
    return line.substr(word.size() + 1);
  }

 private:
  std::string_view rest_;
};

std::string_view word_of(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Zeros for what is none: the text is compared as a whole afterwards.
Sm3Digest digest_in(std::string_view hex) {
  const auto digest = parse_sm3_digest(hex);
  return digest.ok() ? digest.value() : Sm3Digest{};
}

SigningKeyId key_in(std::string_view hex) {
  std::string bytes;
  SigningKeyId key{};
  if (from_hex_text(hex, bytes) && bytes.size() == key.size()) {
    std::copy(bytes.begin(), bytes.end(), key.begin());
  }
  return key;
}

std::string hex_of(const SigningKeyId& key) {
  return to_hex_text({reinterpret_cast<const char*>(key.data()), key.size()});
}

PackedFile file_in(std::string_view text) {
  PackedFile file;
  file.digest = digest_in(word_of(text));
  file.size = number_of(word_of(text));
  file.path = std::string(text);
  return file;
}

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_whole(const PackageManifest& manifest) {
  return is_package_subject(manifest.subject) && is_package_subject(manifest.node) &&
         manifest.files.size() <= kMostPackedFiles &&
         std::all_of(manifest.files.begin(), manifest.files.end(),
                     [](const PackedFile& file) { return is_package_path(file.path); });
}

}  // namespace

std::string to_text(PackageKind kind) {
  return kind == PackageKind::kCase ? "case" : "certificate";
}

bool is_package_subject(std::string_view text) {
  return !text.empty() && text.size() <= kLongestSubject && is_plain(text);
}

std::string write_manifest(const PackageManifest& manifest) {
  std::string text(kManifestLine);
  text += "\nkind " + to_text(manifest.kind);
  text += "\nsubject " + manifest.subject;
  text += "\nnode " + manifest.node;
  text += "\nmade " + to_iso8601(manifest.made);
  text += "\nrecord " + std::to_string(manifest.record) + " " + to_hex(manifest.record_hash);
  text += "\nkey " + hex_of(manifest.key) + "\n";
  for (const PackedFile& file : manifest.files) {
    text +=
        "file " + to_hex(file.digest) + " " + std::to_string(file.size) + " " + file.path + "\n";
  }
  return text;
}

std::optional<PackageManifest> read_manifest(std::string_view text) {
  Lines lines(text);
  lines.next();
  PackageManifest manifest;
  manifest.kind = lines.value("kind") == "case" ? PackageKind::kCase : PackageKind::kCertificate;
  manifest.subject = std::string(lines.value("subject"));
  manifest.node = std::string(lines.value("node"));
  manifest.made = parse_message_time(lines.value("made")).value_or(Timestamp{});
  std::string_view record = lines.value("record");
  manifest.record = number_of(word_of(record));
  manifest.record_hash = digest_in(record);
  manifest.key = key_in(lines.value("key"));
  while (!lines.ended() && manifest.files.size() <= kMostPackedFiles) {
    manifest.files.push_back(file_in(lines.value("file")));
  }
  if (!is_whole(manifest) || write_manifest(manifest) != text) return {};
  return manifest;
}

std::string text_to_seal(std::string_view manifest) {
  Sm3 sm3;
  sm3.add(manifest);
  return "certbridge archive\n" + to_hex(sm3.finish()) + "\n";
}

std::string write_seal(const PackageSeal& seal) {
  return std::string(kSealLine) + "\nkey " + hex_of(seal.key) + "\nsignature " +
         to_hex_text(seal.signature) + "\n";
}

std::optional<PackageSeal> read_seal(std::string_view text) {
  Lines lines(text);
  lines.next();
  PackageSeal seal;
  seal.key = key_in(lines.value("key"));
  from_hex_text(lines.value("signature"), seal.signature);
  if (seal.signature.size() != kSignatureBytes || write_seal(seal) != text) return {};
  return seal;
}

}  // namespace certbridge::host

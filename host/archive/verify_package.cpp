#include "archive/verify_package.h"

#include <algorithm>

#include "archive/ustar.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kPiece = 64UL * 1024;
constexpr std::uint64_t kLargestKept = 8UL * 1024 * 1024;  // of manifest and seal

struct ReadEntry {
  UstarEntry entry{};
  std::uint64_t at = 0;
  Sm3Digest digest{};
  std::string text{};  // of manifest and seal
};

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

class PackageVerifier {
 public:
  PackageVerifier(std::istream& package, const std::vector<CheckingKey>& keys)
      : package_(package), keys_(keys) {}

  PackageVerification verify() {
    if (read_entries()) {
      check_end();
      if (check_manifest()) check_files();
    }
    std::stable_sort(result_.findings.begin(), result_.findings.end(),
                     [](const auto& left, const auto& right) { return left.at < right.at; });
    return std::move(result_);
  }

 private:
  void find(std::string path, std::uint64_t at, std::string what) {
    if (result_.findings.size() >= kMostFindings) return;
    result_.findings.push_back({std::move(path), at, std::move(what)});
  }
  void find(const ReadEntry& entry, std::string what) {
    find(entry.entry.path, entry.at, std::move(what));
  }

  // Fewer than wanted only at the end of the package.
  std::string_view take(std::uint64_t wanted) {
    piece_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, kPiece)));
    package_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
    piece_.resize(static_cast<std::size_t>(package_.gcount()));
    at_ += piece_.size();
    return piece_;
  }

  // False when bytes were met that are no entry, so that nothing is known of what is behind.
  bool read_entries() {
    while (entries_.size() < kMostPackedFiles + 2) {
      const std::uint64_t at = at_;
      const std::string_view block = take(kUstarBlock);
      if (block.size() == kUstarBlock && is_zero(block)) return true;
      const auto entry = read_ustar_header(block);
      if (!entry) {
        find("", at, "bytes that begin no entry: what is behind them cannot be read");
        return false;
      }
      if (!read_entry(*entry, at)) return false;
    }
    find("", at_, "more entries than a package may have");
    return false;
  }

  bool read_entry(const UstarEntry& entry, std::uint64_t at) {
    ReadEntry& read = entries_.emplace_back(ReadEntry{entry, at, {}, {}});
    const bool kept =
        (entry.path == kManifestPath || entry.path == kSealPath) && entry.size <= kLargestKept;
    Sm3 sm3;
    for (std::uint64_t left = entry.size; left > 0;) {
      const std::string_view bytes = take(left);
      if (bytes.empty()) break;
      sm3.add(bytes);
      if (kept) read.text += bytes;
      left -= bytes.size();
    }
    read.digest = sm3.finish();
    const std::size_t filling = ustar_filling(entry.size);
    const std::string_view filled = filling == 0 ? std::string_view() : take(filling);
    if (filled.size() != filling || at_ - at < kUstarBlock + entry.size) {
      find(read, "it is cut off");
      return false;
    }
    if (!is_zero(filled)) find(read, "what fills its last block are no zeros");
    return true;
  }

  void check_end() {
    const std::uint64_t at = at_ - kUstarBlock;
    const std::string_view last = take(kUstarBlock);
    const bool whole = last.size() == kUstarBlock && is_zero(last);
    if (!whole || !take(1).empty()) {
      find("", at, "the end is not two blocks of zeros and nothing behind them");
    }
  }

  bool check_manifest() {
    if (entries_.size() < 2 || entries_.back().entry.path != kSealPath ||
        entries_[entries_.size() - 2].entry.path != kManifestPath) {
      find("", at_, "the last two entries are not manifest and seal");
      return false;
    }
    const ReadEntry& manifest = entries_[entries_.size() - 2];
    result_.manifest = read_manifest(manifest.text);
    check_seal(manifest, entries_.back());
    if (result_.manifest) return true;
    find(manifest, "it is no manifest of this format");
    return false;
  }

  void check_seal(const ReadEntry& manifest, const ReadEntry& entry) {
    const auto seal = read_seal(entry.text);
    if (!seal) return find(entry, "it is no seal of this format");
    const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const CheckingKey& given) {
      return given.id() == seal->key;
    });
    if (key == keys_.end()) return find(entry, "it names a key that was not given");
    if (result_.manifest && result_.manifest->key != seal->key) {
      find(manifest, "it names another key than the seal");
    }
    if (key->signed_this(text_to_seal(manifest.text), seal->signature)) return;
    find(manifest, "the seal is not of this manifest");
    find(entry, "its signature is not valid for this manifest");
  }

  void check_files() {
    const PackageManifest& manifest = *result_.manifest;
    const std::size_t there = entries_.size() - 2;
    for (std::size_t i = 0; i < std::min(there, manifest.files.size()); ++i) {
      check_file(entries_[i], manifest.files[i]);
    }
    for (std::size_t i = manifest.files.size(); i < there; ++i) {
      find(entries_[i], "the manifest does not know it");
    }
    for (std::size_t i = there; i < manifest.files.size(); ++i) {
      find(entries_[there], "`" + manifest.files[i].path + "` is missing");
    }
    const auto made =
        std::chrono::floor<std::chrono::seconds>(manifest.made).time_since_epoch().count();
    for (const ReadEntry& entry : entries_) {
      if (entry.entry.modified != made) {
        find(entry, "its time is another one than the manifest's");
      }
    }
  }

  void check_file(const ReadEntry& entry, const PackedFile& file) {
    if (entry.entry.path != file.path) {
      find(entry, "the manifest has `" + file.path + "` in this place");
    } else if (entry.entry.size != file.size) {
      find(entry, "it has " + std::to_string(entry.entry.size) + " bytes, in the manifest " +
                      std::to_string(file.size));
    } else if (entry.digest != file.digest) {
      find(entry, "its SM3 is not that of the manifest");
    }
  }

  std::istream& package_;
  const std::vector<CheckingKey>& keys_;
  std::string piece_{};
  std::uint64_t at_ = 0;
  std::vector<ReadEntry> entries_{};
  PackageVerification result_{};
};

}  // namespace

PackageVerification verify_package(std::istream& package, const std::vector<CheckingKey>& keys) {
  return PackageVerifier(package, keys).verify();
}

}  // namespace certbridge::host

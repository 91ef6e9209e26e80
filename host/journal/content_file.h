// One body or attachment on disk: chunks of 64 kB, each encrypted with its own tag, and a trailer
// that binds size and name. docs/formats.md has the bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "certbridge/content.h"
#include "journal/cipher.h"
#include "journal/codec.h"
#include "journal/keyring.h"

namespace certbridge::host {

inline constexpr std::size_t kContentChunk = 64UL * 1024;

// Writes one file from its first byte to its trailer. Throws Failure ("journal.full",
// "journal.failed"). The file is removed when the writer dies before keep().
class ContentFileWriter {
 public:
  ContentFileWriter(const Keyring& keys, std::string path);
  ~ContentFileWriter();
  ContentFileWriter(const ContentFileWriter&) = delete;
  ContentFileWriter& operator=(const ContentFileWriter&) = delete;

  void write(std::string_view bytes);
  // Writes the trailer; answers where the bytes will lie, with name, size and SM3 digest.
  ContentPlace finish();
  // fdatasync of what was written.
  void sync();
  // Renames the file to `path`; it is no longer removed.
  void move_to(const std::string& path);
  const std::string& path() const { return path_; }

 private:
  void put(std::string_view bytes);
  void put_chunk();

  const Keyring& keys_;
  std::string path_;
  int file_ = -1;
  bool kept_ = false;
  DataKey key_{};
  Key file_key_{};
  std::string header_{};
  std::string chunk_{};
  std::uint64_t chunks_ = 0;
  std::uint64_t size_ = 0;
  Sm3 digest_{};
};

// A stored file as Content. Opened at its first read; verified in every piece.
class FileContent : public Content {
 public:
  // Shared: handles outlive the reads that made them, and the keys must live as long.
  FileContent(std::shared_ptr<const Keyring> keys, std::string path, ContentPlace place);
  ~FileContent() override;
  std::uint64_t size() const override { return place_.size; }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override;

  const ContentPlace& place() const { return place_; }

 private:
  void open_file() const;
  std::string chunk(std::uint64_t number) const;

  std::shared_ptr<const Keyring> keys_;
  ContentPlace place_;
  mutable std::mutex mutex_{};
  std::string path_;  // under mutex_, as are the next three
  mutable int file_ = -1;
  mutable Key file_key_{};
  mutable std::string header_{};
  mutable Suite suite_ = Suite::kAes256Gcm;
};

// The name under which equal bytes are stored once: keyed digest of SM3 digest and size.
std::string content_name(const Keyring& keys, const Sm3Digest& digest, std::uint64_t size);

}  // namespace certbridge::host

// One kept answer on disk: encrypted in pieces under a key of its own. docs/archives.md has the
// bytes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "certbridge/content.h"
#include "journal/cipher.h"

namespace certbridge::host {

inline constexpr std::size_t kKeptPiece = 64UL * 1024;

// The key of the file of this name: HMAC-SM3, whatever the suite of the file.
Key kept_file_key(const Key& key, const std::string& name);

// Writes `<path>.part` and makes it `<path>` once it is on the disk. Throws Failure
// ("archive.full", "archive.failed"); the part goes when the writer dies before.
class KeptFileWriter {
 public:
  // `name` is bound to the bytes: the last part of the path.
  KeptFileWriter(Suite suite, const Key& file_key, std::string path, std::string name);
  ~KeptFileWriter();
  KeptFileWriter(const KeptFileWriter&) = delete;
  KeptFileWriter& operator=(const KeptFileWriter&) = delete;

  void write(std::string_view bytes);
  // On the disk under its name when it returns; its folder is synced too.
  void finish();

 private:
  void put(std::string_view bytes);
  void put_piece(bool last);

  Suite suite_;
  Key key_;
  std::string path_;
  std::string name_;
  int file_ = -1;
  bool kept_ = false;
  std::string piece_{};
  std::uint64_t pieces_ = 0;
};

// Any thread. "archive.damaged" when the file is none, or not whole.
Result<std::shared_ptr<const Content>> open_kept_file(const Key& key, const std::string& path,
                                                      const std::string& name);
// Some of its bytes, as a content.
std::shared_ptr<const Content> part_of(std::shared_ptr<const Content> whole, std::uint64_t at,
                                       std::uint64_t size);

}  // namespace certbridge::host

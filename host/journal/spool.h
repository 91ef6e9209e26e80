// Content above what memory may hold, before a message names it: an encrypted file in the spool.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "journal/content_file.h"

namespace certbridge::host {

// A finished file of the spool. The journal adopts it by renaming; otherwise it goes with the
// last handle.
class SpooledContent final : public Content {
 public:
  SpooledContent(std::shared_ptr<const Keyring> keys, std::unique_ptr<ContentFileWriter> writer,
                 const ContentPlace& place);
  std::uint64_t size() const override { return reader_.size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
    return reader_.read(offset, into);
  }
  const ContentPlace& place() const { return reader_.place(); }

  // Adopting changes where the bytes lie and not what they are, hence on a const handle.
  std::mutex& mutex() const { return mutex_; }
  bool is_adopted() const { return writer_->path() != spooled_as_; }  // under mutex()
  ContentFileWriter& writer() const { return *writer_; }              // under mutex()

 private:
  std::string spooled_as_;
  std::unique_ptr<ContentFileWriter> writer_;
  FileContent reader_;
  mutable std::mutex mutex_{};
};

// Keeps up to kLargestContentInMemory in memory and then writes `path`.
std::unique_ptr<ContentWriter> make_spool_writer(std::shared_ptr<const Keyring> keys,
                                                 std::string path, std::uint64_t limit);

}  // namespace certbridge::host

#include "journal/spool.h"

#include "journal/failure.h"

namespace certbridge::host {
namespace {

class SpoolWriter final : public ContentWriter {
 public:
  SpoolWriter(std::shared_ptr<const Keyring> keys, std::string path, std::uint64_t limit)
      : keys_(std::move(keys)), path_(std::move(path)), limit_(limit) {}

  Result<void> write(std::span<const std::byte> bytes) override {
    size_ += bytes.size();
    if (size_ > limit_) {
      return Error::permanent("content.too_large",
                              "content is above the limit of " + std::to_string(limit_) + " bytes");
    }
    return guarded([&] { take({reinterpret_cast<const char*>(bytes.data()), bytes.size()}); });
  }

  Result<StoredContent> finish() override {
    StoredContent stored;
    stored.size = size_;
    const auto finished = guarded([&] {
      if (file_ == nullptr) {
        Sm3 digest;
        digest.add(memory_);
        stored.digest = digest.finish();
        stored.content = content_of(std::move(memory_));
        return;
      }
      const ContentPlace place = file_->finish();
      stored.digest = place.digest;
      stored.content = std::make_shared<SpooledContent>(keys_, std::move(file_), place);
    });
    if (!finished) return finished.error();
    return stored;
  }

 private:
  void take(std::string_view bytes) {
    if (file_ == nullptr && memory_.size() + bytes.size() <= kLargestContentInMemory) {
      memory_.append(bytes);
      return;
    }
    if (file_ == nullptr) {
      file_ = std::make_unique<ContentFileWriter>(*keys_, path_);
      file_->write(memory_);
      memory_ = {};
    }
    file_->write(bytes);
  }

  template <class Action>
  Result<void> guarded(const Action& action) {
    try {
      action();
      return {};
    } catch (const Failure& failure) {
      Error error = failure.error();
      if (error.code == "journal.full") error.code = "spool.full";
      return error;
    }
  }

  std::shared_ptr<const Keyring> keys_;
  std::string path_;
  std::uint64_t limit_;
  std::uint64_t size_ = 0;
  std::string memory_{};
  std::unique_ptr<ContentFileWriter> file_{};
};

}  // namespace

SpooledContent::SpooledContent(std::shared_ptr<const Keyring> keys,
                               std::unique_ptr<ContentFileWriter> writer, const ContentPlace& place)
    : spooled_as_(writer->path()),
      writer_(std::move(writer)),
      reader_(std::move(keys), spooled_as_, place) {
  // Opened now: the file may be renamed or collected while the handle lives.
  std::byte first{};
  if (const auto opened = reader_.read(0, {&first, 1}); !opened) throw Failure(opened.error());
}

std::unique_ptr<ContentWriter> make_spool_writer(std::shared_ptr<const Keyring> keys,
                                                 std::string path, std::uint64_t limit) {
  return std::make_unique<SpoolWriter>(std::move(keys), std::move(path), limit);
}

}  // namespace certbridge::host

#include "file_body.h"

#include <algorithm>
#include <vector>

#include "certbridge_sm/base64.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::uint64_t kMostGroups = 16UL * 1024;  // encoded at once: 64 kB

// All of these bytes; a file that ends before its size is damaged.
Result<std::string> read_range(const Content& file, std::uint64_t offset, std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t filled = 0; filled < count;) {
    auto read =
        file.read(offset + filled, std::as_writable_bytes(std::span(bytes)).subspan(filled));
    if (!read) return read.error();
    if (read.value() == 0) {
      return Error::retryable("content.damaged", "the file ends before its size");
    }
    filled += read.value();
  }
  return bytes;
}

class FileBody final : public Content {
 public:
  FileBody(std::string_view body, std::shared_ptr<const Content> file) : file_(std::move(file)) {
    while (true) {
      const auto mark = std::min(body.find(kFileMark), body.size());
      texts_.emplace_back(body.substr(0, mark));
      if (mark == body.size()) break;
      body.remove_prefix(mark + 1);
    }
  }
  std::uint64_t size() const override {
    std::uint64_t size = (texts_.size() - 1) * encoded_size();
    for (const std::string& text : texts_) size += text.size();
    return size;
  }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
    std::size_t filled = 0;
    while (filled < into.size()) {
      auto some = read_some(offset + filled, into.subspan(filled));
      if (!some) return some;
      if (some.value() == 0) break;
      filled += some.value();
    }
    return filled;
  }

 private:
  // From one text, or a piece of the file.
  Result<std::size_t> read_some(std::uint64_t offset, std::span<std::byte> into) const {
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (offset < texts_[i].size())
        return copy(std::string_view(texts_[i]).substr(static_cast<std::size_t>(offset)), into);
      offset -= texts_[i].size();
      if (i + 1 == texts_.size()) break;
      if (offset < encoded_size()) return read_encoded(offset, into);
      offset -= encoded_size();
    }
    return std::size_t{0};
  }
  std::uint64_t encoded_size() const { return (file_->size() + 2) / 3 * 4; }
  static std::size_t copy(std::string_view text, std::span<std::byte> into) {
    const auto bytes = std::as_bytes(std::span(text)).first(std::min(text.size(), into.size()));
    std::copy(bytes.begin(), bytes.end(), into.begin());
    return bytes.size();
  }
  Result<std::size_t> read_encoded(std::uint64_t offset, std::span<std::byte> into) const {
    const std::uint64_t group = offset / 4;
    const std::uint64_t wanted = std::min<std::uint64_t>(into.size() / 4 + 2, kMostGroups);
    const std::uint64_t count = std::min(3 * wanted, file_->size() - 3 * group);
    auto bytes = read_range(*file_, 3 * group, static_cast<std::size_t>(count));
    if (!bytes) return bytes.error();
    const std::string encoded = sm::base64_encode(bytes.value());
    return copy(std::string_view(encoded).substr(static_cast<std::size_t>(offset % 4)), into);
  }

  std::shared_ptr<const Content> file_;
  std::vector<std::string> texts_{};  // with the file between each and the next
};

}  // namespace

bool sends_files_in_pieces(const Dialect& dialect) {
  return dialect.charset == Charset::kUtf8 && !dialect.encrypted && !dialect.signature;
}

std::shared_ptr<const Content> with_file(std::string_view body,
                                         std::shared_ptr<const Content> file) {
  return std::make_shared<const FileBody>(body, std::move(file));
}

}  // namespace certbridge::municipal_library

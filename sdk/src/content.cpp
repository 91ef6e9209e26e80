#include "certbridge/content.h"

#include <algorithm>
#include <cstring>

#include "certbridge/text.h"

namespace certbridge {
namespace {

class MemoryContent final : public Content {
 public:
  explicit MemoryContent(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const std::size_t count = std::min<std::size_t>(into.size(), bytes_.size() - offset);
    std::memcpy(into.data(), bytes_.data() + offset, count);
    return count;
  }

 private:
  std::string bytes_;
};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(const Sm3Digest& digest) {
  return to_hex_text({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Result<Sm3Digest> parse_sm3_digest(std::string_view hex) {
  Sm3Digest digest{};
  const Error refused =
      Error::permanent("digest.shape", "an SM3 digest is 64 hexadecimal characters");
  if (hex.size() != digest.size() * 2) return refused;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return refused;
    digest[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

std::shared_ptr<const Content> content_of(std::string bytes) {
  return std::make_shared<MemoryContent>(std::move(bytes));
}

Result<std::string> read_all(const Content& content, std::uint64_t limit) {
  if (content.size() > limit) {
    return Error::permanent("content.too_large", "content of " + std::to_string(content.size()) +
                                                     " bytes is above the limit of " +
                                                     std::to_string(limit));
  }
  std::string bytes(content.size(), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    auto count = content.read(filled, std::as_writable_bytes(std::span(bytes)).subspan(filled));
    if (!count) return count.error();
    if (count.value() == 0)
      return Error::retryable("content.damaged", "content ends before its size");
    filled += count.value();
  }
  return bytes;
}

Result<StoredContent> store(ContentWriter& writer, std::string_view bytes) {
  if (auto written = writer.write(std::as_bytes(std::span(bytes))); !written)
    return written.error();
  return writer.finish();
}

}  // namespace certbridge

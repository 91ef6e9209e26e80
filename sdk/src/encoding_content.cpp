#include <algorithm>

#include "encoding_parts.h"

namespace certbridge::encoding {
namespace {

enum class Body : std::uint8_t { kNone = 1, kBytes = 2, kUnreadable = 3 };

// Stands for content that could not be read when it was encoded: says so again on each read.
class UnreadableContent final : public Content {
 public:
  UnreadableContent(std::uint64_t size, Error error) : size_(size), error_(std::move(error)) {}
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read(std::uint64_t, std::span<std::byte>) const override { return error_; }

 private:
  std::uint64_t size_;
  Error error_;
};

// Chunks of at most kLargestContentInMemory, each with its length, and a length of zero at the end.
Result<void> put_chunks(ByteWriter& writer, const Content& content) {
  std::string chunk(kLargestContentInMemory, '\0');
  for (std::uint64_t offset = 0; offset < content.size();) {
    const auto room = std::min<std::uint64_t>(chunk.size(), content.size() - offset);
    const auto into =
        std::as_writable_bytes(std::span(chunk)).first(static_cast<std::size_t>(room));
    auto count = content.read(offset, into);
    if (!count) return count.error();
    if (count.value() == 0) {
      return Error::retryable("content.damaged", "content ends before its size");
    }
    writer.text(std::string_view(chunk).substr(0, count.value()));
    offset += count.value();
  }
  writer.u32(0);
  return {};
}

}  // namespace

void put_content(ByteWriter& writer, const std::shared_ptr<const Content>& content) {
  if (content == nullptr) return put(writer, Body::kNone);
  ByteWriter chunks;
  const auto read = put_chunks(chunks, *content);
  put(writer, read.ok() ? Body::kBytes : Body::kUnreadable);
  writer.u64(content->size());
  if (!read) return put_error(writer, read.error());
  writer.append(chunks.bytes());
}

std::shared_ptr<const Content> take_content(ByteReader& reader) {
  Body body = Body::kNone;
  take(reader, body, Body::kUnreadable);
  if (body == Body::kNone) return nullptr;
  const std::uint64_t size = reader.u64();
  if (body == Body::kUnreadable) {
    return std::make_shared<UnreadableContent>(size, take_error(reader));
  }
  std::string bytes;
  for (std::string chunk = reader.text(); !chunk.empty(); chunk = reader.text()) bytes += chunk;
  if (bytes.size() != size) reader.fail();
  return content_of(std::move(bytes));
}

}  // namespace certbridge::encoding

// Bytes that may be too large for memory: bodies and attachments are read in pieces.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge {

using Sm3Digest = std::array<std::uint8_t, 32>;  // SM3 (GB/T 32905) of the plain bytes

// Lower-case hexadecimal, 64 characters.
std::string to_hex(const Sm3Digest& digest);
// Refuses ("digest.shape") all but 64 hexadecimal characters of either case.
Result<Sm3Digest> parse_sm3_digest(std::string_view hex);

// Nothing above this many bytes is held in memory by the host; larger content is spooled.
inline constexpr std::uint64_t kLargestContentInMemory = 256UL * 1024;

// Immutable bytes. Any number of threads may read the same Content at once.
class Content {
 public:
  virtual ~Content();
  virtual std::uint64_t size() const = 0;
  // Fills `into` from `offset`; answers how many bytes were read, 0 only at the end.
  // Fails with "content.damaged" when stored bytes do not match their digest or tag.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const = 0;
};

// Content held in memory. Shared because a message is a copyable value whose bytes are not copied.
std::shared_ptr<const Content> content_of(std::string bytes);
// All bytes, refused with "content.too_large" above `limit` bytes.
Result<std::string> read_all(const Content& content, std::uint64_t limit);

// What a finished ContentWriter hands out.
struct StoredContent {
  std::shared_ptr<const Content> content{};
  std::uint64_t size = 0;
  Sm3Digest digest{};
};

// Takes bytes in pieces; small content stays in memory, large content goes encrypted to the spool.
// One thread at a time. Destroyed without finish(): the bytes are dropped.
class ContentWriter {
 public:
  virtual ~ContentWriter();
  // "content.too_large" once the host's limit is passed, "spool.full" when the disk is.
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  virtual Result<StoredContent> finish() = 0;
};

// Convenience over ContentWriter for bytes at hand.
Result<StoredContent> store(ContentWriter& writer, std::string_view bytes);

}  // namespace certbridge

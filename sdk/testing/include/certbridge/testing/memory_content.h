// Content in memory with its SM3 digest, as the host's spool makes it.
#pragma once

#include <string>

#include "certbridge/message.h"

namespace certbridge::testing {

// SM3 (GB/T 32905) of the bytes.
Sm3Digest sm3_of(std::string_view bytes);

// A ContentWriter without a disk; refuses "content.too_large" above `limit` bytes.
class MemoryContentWriter final : public ContentWriter {
 public:
  explicit MemoryContentWriter(std::uint64_t limit) : limit_(limit) {}
  Result<void> write(std::span<const std::byte> bytes) override;
  Result<StoredContent> finish() override;

 private:
  std::uint64_t limit_;
  std::string bytes_{};
};

// A whole attachment of bytes at hand: size, digest and content agree.
Attachment attachment_of(std::string name, std::string media_type, std::string bytes);
// A message with a body in memory and nothing else.
Message message_of(std::string type, std::string media_type, std::string body);
// The body's bytes, or an empty text (and a test failure when it cannot be read).
std::string body_of(const Message& message);
// A call with this step key that may take `budget`.
Call call_of(std::string step_key, std::chrono::milliseconds budget);

}  // namespace certbridge::testing

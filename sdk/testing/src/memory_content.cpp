#include "certbridge/testing/memory_content.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace certbridge::testing {

Sm3Digest sm3_of(std::string_view bytes) {
  Sm3Digest digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sm3(), nullptr) != 1) {
    ADD_FAILURE() << "this OpenSSL has no SM3";
  }
  return digest;
}

Result<void> MemoryContentWriter::write(std::span<const std::byte> bytes) {
  if (bytes.size() > limit_ - bytes_.size()) {
    return Error::permanent("content.too_large",
                            "content is above the limit of " + std::to_string(limit_) + " bytes");
  }
  bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return {};
}

Result<StoredContent> MemoryContentWriter::finish() {
  StoredContent stored;
  stored.size = bytes_.size();
  stored.digest = sm3_of(bytes_);
  stored.content = content_of(std::move(bytes_));
  bytes_.clear();
  return stored;
}

Attachment attachment_of(std::string name, std::string media_type, std::string bytes) {
  Attachment attachment;
  attachment.name = std::move(name);
  attachment.media_type = std::move(media_type);
  attachment.size = bytes.size();
  attachment.digest = sm3_of(bytes);
  attachment.content = content_of(std::move(bytes));
  return attachment;
}

Message message_of(std::string type, std::string media_type, std::string body) {
  Message message;
  message.type = std::move(type);
  message.media_type = std::move(media_type);
  message.body = content_of(std::move(body));
  return message;
}

std::string body_of(const Message& message) {
  if (message.body == nullptr) return {};
  auto bytes = read_all(*message.body, 64UL * 1024 * 1024);
  if (bytes) return std::move(bytes).value();
  ADD_FAILURE() << "the body cannot be read: " << bytes.error().message;
  return {};
}

Call call_of(std::string step_key, std::chrono::milliseconds budget) {
  Call call;
  call.trace_id = "test-trace";
  call.step_key = std::move(step_key);
  call.deadline = std::chrono::steady_clock::now() + budget;
  return call;
}

}  // namespace certbridge::testing

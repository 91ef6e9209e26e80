// Little-endian, length-prefixed bytes for what the journal keeps inside one column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

class ByteWriter {
 public:
  ByteWriter& number(std::uint64_t value, int bytes);
  ByteWriter& text(std::string_view value);  // 4 bytes length, then the bytes
  ByteWriter& raw(std::string_view value);
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_{};
};

// Reads what ByteWriter wrote. Anything that does not fit throws Failure "journal.damaged".
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number(int bytes);
  std::string text();
  std::string_view raw(std::size_t count);
  bool at_end() const { return rest_.empty(); }
  void expect_end() const;

 private:
  std::string_view rest_;
};

// Where the bytes of a body or attachment lie.
struct ContentPlace {
  std::string name{};      // 32 bytes, keyed digest; empty: the bytes are `inside`
  std::string inside{};    // small bodies
  std::uint64_t size = 0;  // plain bytes
  Sm3Digest digest{};      // of the plain bytes; zero for bytes kept inside
};
struct AttachmentRecord {
  std::string name{};
  std::string media_type{};
  ContentPlace place{};
};
// The part of a message that is encrypted as one piece.
struct MessageRecord {
  std::string source_key{};
  std::vector<OrderKey> order_keys{};
  Headers headers{};
  std::vector<AttachmentRecord> attachments{};
  std::vector<std::string> search{};  // digests of further search terms, 16 bytes each
};

std::string encode_record(const MessageRecord& record);
MessageRecord decode_record(std::string_view bytes);
void write_place(ByteWriter& out, const ContentPlace& place);
ContentPlace read_place(ByteReader& in);
std::string encode_receipt_record(const Receipt& receipt);
Receipt decode_receipt_record(std::string_view bytes);
std::string encode_outcome_record(const Outcome& outcome);
Outcome decode_outcome_record(std::string_view bytes);
std::string encode_names(const std::vector<std::string>& names);
std::vector<std::string> decode_names(std::string_view bytes);
std::string encode_digests(const std::vector<Sm3Digest>& digests);
std::vector<Sm3Digest> decode_digests(std::string_view bytes);

}  // namespace certbridge::host

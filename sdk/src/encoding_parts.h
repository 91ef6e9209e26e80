// What the encodings of all values share. Inside the SDK alone.
#pragma once

#include "certbridge/bytes.h"
#include "certbridge/encoding.h"

#pragma GCC visibility push(hidden)
namespace certbridge::encoding {

inline constexpr std::uint8_t kVersion = 1;
// Order keys, headers, attachments, earlier deliveries.
inline constexpr std::uint32_t kMostItems = 100'000;
// What stands after the version, so that one kind of value is never read as another.
enum class Kind : std::uint8_t {
  kMessage = 1,
  kError = 2,
  kReceipt = 3,
  kConfirmation = 4,
  kAcceptance = 5,
  kOutcome = 6,
  kCall = 7,
};

ByteWriter begin(Kind kind);
ByteReader open(std::string_view bytes, Kind kind);

template <class T>
Result<T> finished(const ByteReader& reader, T value) {
  if (auto end = reader.finish(); !end) return end.error();
  return value;
}

template <class E>
void put(ByteWriter& writer, E value) {
  writer.u8(static_cast<std::uint8_t>(value));
}
template <class E>
void take(ByteReader& reader, E& value, E last) {
  value = static_cast<E>(reader.enumeration(static_cast<std::uint8_t>(last)));
}

inline void put_time(ByteWriter& writer, Timestamp time) {
  writer.i64(time.time_since_epoch().count());
}
inline Timestamp take_time(ByteReader& reader) {
  return Timestamp(std::chrono::milliseconds(reader.i64()));
}

void put_error(ByteWriter& writer, const Error& error);
Error take_error(ByteReader& reader);

// Content that cannot be read is written as the error that reading it gave.
void put_content(ByteWriter& writer, const std::shared_ptr<const Content>& content);
std::shared_ptr<const Content> take_content(ByteReader& reader);

}  // namespace certbridge::encoding
#pragma GCC visibility pop

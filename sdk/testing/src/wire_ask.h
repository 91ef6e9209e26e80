// One question to the host over the wire, for values that need no encoding of their own.
#pragma once

#include "wire_channel.h"

namespace certbridge::testing {

// Writes the arguments, calls, reads the answer: the shape of every service below.
template <class Put, class Far>
std::string ask(const Put& put, const Far& far) {
  ByteWriter arguments;
  put(arguments);
  return call_over_socket_pair(arguments.bytes(), {},
                               [&far](ByteReader& reader, auto) { return far(reader); });
}

inline std::string bytes_of(const std::string& value) { return value; }
inline std::string bytes_of(bool value) { return value ? "1" : ""; }
template <class Number>
inline std::string bytes_of_number(Number value) {
  ByteWriter writer;
  writer.i64(static_cast<std::int64_t>(value));
  return writer.take();
}
inline std::string bytes_of(std::int64_t value) { return bytes_of_number(value); }
inline std::string bytes_of(std::uint64_t value) { return bytes_of_number(value); }
inline std::string bytes_of(std::chrono::milliseconds value) {
  return bytes_of_number(value.count());
}

inline void read_into(std::string_view bytes, std::string& value) { value = std::string(bytes); }
inline void read_into(std::string_view bytes, bool& value) { value = !bytes.empty(); }
inline void read_into(std::string_view bytes, std::int64_t& value) {
  value = ByteReader(bytes).i64();
}
inline void read_into(std::string_view bytes, std::uint64_t& value) {
  value = ByteReader(bytes).u64();
}
inline void read_into(std::string_view bytes, std::chrono::milliseconds& value) {
  value = std::chrono::milliseconds(ByteReader(bytes).i64());
}

template <class T>
std::string encode_plain(const Result<T>& result) {
  return encode_result(result, [](const T& value) { return bytes_of(value); });
}
template <class T>
Result<T> decode_plain(const std::string& bytes) {
  return decode_result<T>(bytes, [](const std::string& inner) -> Result<T> {
    T value{};
    read_into(inner, value);
    return value;
  });
}

}  // namespace certbridge::testing

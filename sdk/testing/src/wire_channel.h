// One call over a socket pair, and the values that only the wire needs in bytes.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "certbridge/bytes.h"
#include "certbridge/context.h"
#include "certbridge/encoding.h"

namespace certbridge::testing {

// Runs on the far side: reads the arguments, makes the call, gives the answer's bytes.
using FarSide = std::function<std::string(ByteReader& arguments, std::stop_token stop)>;

// Sends the arguments to a thread that plays the other process and waits for its answer. A stop of
// the caller's token travels as one more byte. An exception of the far side comes out here.
std::string call_over_socket_pair(const std::string& arguments, const std::stop_token& stop,
                                  const FarSide& far_side);

void put_key(ByteWriter& writer, const OrderKey& key);
OrderKey take_key(ByteReader& reader);
void put_pairs(ByteWriter& writer, const LogFields& fields);
LogFields take_pairs(ByteReader& reader);
void put_query(ByteWriter& writer, const FactsQuery& query);
FactsQuery take_query(ByteReader& reader);
void put_fact(ByteWriter& writer, const DeliveryFact& fact);
DeliveryFact take_fact(ByteReader& reader);
std::string encode_issuers(const IssuerDirectory& issuers);
IssuerDirectory decode_issuers(std::string_view bytes);
std::string encode_stored(const StoredContent& stored);
Result<StoredContent> decode_stored(std::string_view bytes);

// What a test sees when bytes that we wrote ourselves do not read back.
Error wire_damaged();

// A result as bytes: the value by `encode`, or the error.
template <class T, class Encode>
std::string encode_result(const Result<T>& result, const Encode& encode) {
  ByteWriter writer;
  writer.boolean(result.ok());
  writer.text(result.ok() ? encode(result.value()) : encode_error(result.error()));
  return writer.take();
}
std::string encode_result(const Result<void>& result);

template <class T, class Decode>
Result<T> decode_result(const std::string& bytes, const Decode& decode) {
  ByteReader reader(bytes);
  const bool ok = reader.boolean();
  const std::string inner = reader.text();
  if (!reader.finish()) return wire_damaged();
  if (ok) return decode(inner);
  if (auto error = decode_error(inner)) return *error;
  return wire_damaged();
}
Result<void> decode_void(const std::string& bytes);

}  // namespace certbridge::testing

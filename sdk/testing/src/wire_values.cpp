// The values that only the wire needs in bytes.
#include <gtest/gtest.h>

#include "wire_channel.h"

namespace certbridge::testing {

void put_key(ByteWriter& writer, const OrderKey& key) {
  writer.text(key.kind);
  writer.text(key.value);
}
OrderKey take_key(ByteReader& reader) {
  OrderKey key;
  key.kind = reader.text();
  key.value = reader.text();
  return key;
}

void put_pairs(ByteWriter& writer, const LogFields& fields) {
  writer.u32(static_cast<std::uint32_t>(fields.size()));
  for (const auto& [name, value] : fields) {
    writer.text(name);
    writer.text(value);
  }
}
LogFields take_pairs(ByteReader& reader) {
  LogFields fields;
  for (std::uint32_t left = reader.count(1000); left > 0 && !reader.failed(); --left) {
    std::string name = reader.text();
    fields.emplace_back(std::move(name), reader.text());
  }
  return fields;
}

namespace {
void put_optional_time(ByteWriter& writer, const std::optional<Timestamp>& time) {
  writer.boolean(time.has_value());
  if (time) writer.i64(time->time_since_epoch().count());
}
std::optional<Timestamp> take_optional_time(ByteReader& reader) {
  if (!reader.boolean()) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(reader.i64()));
}
}  // namespace

void put_query(ByteWriter& writer, const FactsQuery& query) {
  writer.text(query.endpoint);
  writer.boolean(query.order_key.has_value());
  if (query.order_key) put_key(writer, *query.order_key);
  writer.text(query.area);
  writer.text(query.type);
  put_optional_time(writer, query.accepted_from);
  put_optional_time(writer, query.accepted_before);
}
FactsQuery take_query(ByteReader& reader) {
  FactsQuery query;
  query.endpoint = reader.text();
  if (reader.boolean()) query.order_key = take_key(reader);
  query.area = reader.text();
  query.type = reader.text();
  query.accepted_from = take_optional_time(reader);
  query.accepted_before = take_optional_time(reader);
  return query;
}

void put_fact(ByteWriter& writer, const DeliveryFact& fact) {
  for (const std::string* text :
       {&fact.message_id, &fact.endpoint, &fact.type, &fact.state, &fact.remote_id}) {
    writer.text(*text);
  }
  put_pairs(writer, LogFields(fact.headers.begin(), fact.headers.end()));
}
DeliveryFact take_fact(ByteReader& reader) {
  DeliveryFact fact;
  for (std::string* text :
       {&fact.message_id, &fact.endpoint, &fact.type, &fact.state, &fact.remote_id}) {
    *text = reader.text();
  }
  for (auto& [name, value] : take_pairs(reader)) fact.headers.emplace(name, value);
  return fact;
}

std::string encode_issuers(const IssuerDirectory& issuers) {
  ByteWriter writer;
  for (const Issuer& issuer : issuers.all()) {
    for (const std::string* text : {&issuer.name, &issuer.code, &issuer.area, &issuer.number_word,
                                    &issuer.province_word, &issuer.environment}) {
      writer.text(*text);
    }
    writer.u32(static_cast<std::uint32_t>(issuer.seals.size()));
    for (const IssuerSeal& seal : issuer.seals) {
      writer.text(seal.seal_id);
      writer.text(seal.signer);
      writer.u32(static_cast<std::uint32_t>(seal.type_codes.size()));
      for (const std::string& code : seal.type_codes) writer.text(code);
    }
  }
  return writer.take();
}

namespace {
IssuerSeal take_seal(ByteReader& reader) {
  IssuerSeal seal;
  seal.seal_id = reader.text();
  seal.signer = reader.text();
  for (std::uint32_t left = reader.count(1000); left > 0 && !reader.failed(); --left) {
    seal.type_codes.push_back(reader.text());
  }
  return seal;
}
}  // namespace

IssuerDirectory decode_issuers(std::string_view bytes) {
  std::vector<Issuer> issuers;
  for (ByteReader reader(bytes); reader.left() > 0 && !reader.failed();) {
    Issuer& issuer = issuers.emplace_back();
    for (std::string* text : {&issuer.name, &issuer.code, &issuer.area, &issuer.number_word,
                              &issuer.province_word, &issuer.environment}) {
      *text = reader.text();
    }
    for (std::uint32_t left = reader.count(1000); left > 0 && !reader.failed(); --left) {
      issuer.seals.push_back(take_seal(reader));
    }
  }
  return IssuerDirectory(std::move(issuers));
}

// A message with one attachment has all that stored content has.
std::string encode_stored(const StoredContent& stored) {
  Message carrier;
  carrier.attachments = {{"", "", stored.size, stored.digest, stored.content}};
  return encode_message(carrier);
}
Result<StoredContent> decode_stored(std::string_view bytes) {
  auto carrier = decode_message(bytes);
  if (!carrier) return carrier.error();
  const Attachment& stored = carrier.value().attachments.at(0);
  return StoredContent{stored.content, stored.size, stored.digest};
}

Error wire_damaged() {
  ADD_FAILURE() << "a value did not read back from its own bytes";
  return Error::fault("wire.damaged", "a value did not read back from its own bytes");
}

std::string encode_result(const Result<void>& result) {
  ByteWriter writer;
  writer.boolean(result.ok());
  writer.text(result.ok() ? std::string() : encode_error(result.error()));
  return writer.take();
}
Result<void> decode_void(const std::string& bytes) {
  ByteReader reader(bytes);
  const bool ok = reader.boolean();
  const std::string inner = reader.text();
  if (!reader.finish()) return wire_damaged();
  if (ok) return {};
  if (auto error = decode_error(inner)) return *error;
  return wire_damaged();
}

}  // namespace certbridge::testing

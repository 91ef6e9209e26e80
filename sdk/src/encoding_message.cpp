#include "encoding_parts.h"

namespace certbridge {
namespace {

using namespace encoding;

void put_attachment(ByteWriter& writer, const Attachment& attachment) {
  writer.text(attachment.name);
  writer.text(attachment.media_type);
  writer.u64(attachment.size);
  for (const std::uint8_t byte : attachment.digest) writer.u8(byte);
  put_content(writer, attachment.content);
}
Attachment take_attachment(ByteReader& reader) {
  Attachment attachment;
  attachment.name = reader.text();
  attachment.media_type = reader.text();
  attachment.size = reader.u64();
  for (std::uint8_t& byte : attachment.digest) byte = reader.u8();
  attachment.content = take_content(reader);
  return attachment;
}

void put_lists(ByteWriter& writer, const Message& message) {
  writer.u32(static_cast<std::uint32_t>(message.order_keys.size()));
  for (const OrderKey& key : message.order_keys) {
    writer.text(key.kind);
    writer.text(key.value);
  }
  writer.u32(static_cast<std::uint32_t>(message.headers.size()));
  for (const auto& [name, value] : message.headers) {
    writer.text(name);
    writer.text(value);
  }
  writer.u32(static_cast<std::uint32_t>(message.attachments.size()));
  for (const Attachment& attachment : message.attachments) put_attachment(writer, attachment);
}

void take_headers(ByteReader& reader, Headers& headers) {
  for (std::uint32_t left = reader.count(kMostItems); left > 0 && !reader.failed(); --left) {
    std::string name = reader.text();
    if (!headers.emplace(std::move(name), reader.text()).second) reader.fail();
  }
}

void take_lists(ByteReader& reader, Message& message) {
  for (std::uint32_t left = reader.count(kMostItems); left > 0 && !reader.failed(); --left) {
    OrderKey& key = message.order_keys.emplace_back();
    key.kind = reader.text();
    key.value = reader.text();
  }
  take_headers(reader, message.headers);
  for (std::uint32_t left = reader.count(kMostItems); left > 0 && !reader.failed(); --left) {
    message.attachments.push_back(take_attachment(reader));
  }
}

}  // namespace

std::string encode_message(const Message& message) {
  ByteWriter writer = begin(Kind::kMessage);
  writer.text(message.id);
  writer.text(message.type);
  writer.text(message.source_key);
  writer.boolean(message.classified);
  writer.u64(message.order_number);
  put_time(writer, message.created);
  writer.text(message.area);
  writer.text(message.media_type);
  put_content(writer, message.body);
  put_lists(writer, message);
  return writer.take();
}

Result<Message> decode_message(std::string_view bytes) {
  ByteReader reader = open(bytes, Kind::kMessage);
  Message message;
  message.id = reader.text();
  message.type = reader.text();
  message.source_key = reader.text();
  message.classified = reader.boolean();
  message.order_number = reader.u64();
  message.created = take_time(reader);
  message.area = reader.text();
  message.media_type = reader.text();
  message.body = take_content(reader);
  take_lists(reader, message);
  return finished(reader, std::move(message));
}

}  // namespace certbridge

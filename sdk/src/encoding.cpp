#include "certbridge/encoding.h"

#include <algorithm>

#include "certbridge/bytes.h"

namespace certbridge {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint32_t kMostItems =
    100'000;  // order keys, headers, attachments, earlier deliveries
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

ByteWriter begin(Kind kind) {
  ByteWriter writer;
  writer.u8(kVersion);
  writer.u8(static_cast<std::uint8_t>(kind));
  return writer;
}

ByteReader open(std::string_view bytes, Kind kind) {
  ByteReader reader(bytes);
  if (reader.u8() != kVersion || reader.u8() != static_cast<std::uint8_t>(kind)) reader.fail();
  return reader;
}

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

void put_time(ByteWriter& writer, Timestamp time) { writer.i64(time.time_since_epoch().count()); }
Timestamp take_time(ByteReader& reader) {
  return Timestamp(std::chrono::milliseconds(reader.i64()));
}

void put_error(ByteWriter& writer, const Error& error) {
  put(writer, error.severity);
  writer.text(error.code);
  writer.text(error.message);
  writer.boolean(error.retry_after.has_value());
  if (error.retry_after) writer.i64(error.retry_after->count());
}
Error take_error(ByteReader& reader) {
  Error error;
  take(reader, error.severity, Severity::kFault);
  error.code = reader.text();
  error.message = reader.text();
  if (reader.boolean()) error.retry_after = std::chrono::milliseconds(reader.i64());
  return error;
}

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

void put_receipt(ByteWriter& writer, const Receipt& receipt) {
  put(writer, receipt.state);
  writer.text(receipt.remote_id);
  writer.text(receipt.correlation);
  put_time(writer, receipt.when);
  writer.boolean(receipt.expected_by.has_value());
  if (receipt.expected_by) put_time(writer, *receipt.expected_by);
}
Receipt take_receipt(ByteReader& reader) {
  Receipt receipt;
  take(reader, receipt.state, Receipt::State::kOpen);
  receipt.remote_id = reader.text();
  receipt.correlation = reader.text();
  receipt.when = take_time(reader);
  if (reader.boolean()) receipt.expected_by = take_time(reader);
  return receipt;
}

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

void put_earlier(ByteWriter& writer, const EarlierDelivery& earlier) {
  for (const std::string* text :
       {&earlier.delivery, &earlier.endpoint, &earlier.state, &earlier.remote_id,
        &earlier.error_code, &earlier.error_message}) {
    writer.text(*text);
  }
  put_time(writer, earlier.when);
}
EarlierDelivery take_earlier(ByteReader& reader) {
  EarlierDelivery earlier;
  for (std::string* text : {&earlier.delivery, &earlier.endpoint, &earlier.state,
                            &earlier.remote_id, &earlier.error_code, &earlier.error_message}) {
    *text = reader.text();
  }
  earlier.when = take_time(reader);
  return earlier;
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

std::string encode_error(const Error& error) {
  ByteWriter writer = begin(Kind::kError);
  put_error(writer, error);
  return writer.take();
}

std::optional<Error> decode_error(std::string_view bytes) {
  ByteReader reader = open(bytes, Kind::kError);
  Error error = take_error(reader);
  return reader.finish().ok() ? std::optional(std::move(error)) : std::nullopt;
}

std::string encode_receipt(const Receipt& receipt) {
  ByteWriter writer = begin(Kind::kReceipt);
  put_receipt(writer, receipt);
  return writer.take();
}

Result<Receipt> decode_receipt(std::string_view bytes) {
  ByteReader reader = open(bytes, Kind::kReceipt);
  Receipt receipt = take_receipt(reader);
  return finished(reader, std::move(receipt));
}

std::string encode_confirmation(const Confirmation& confirmation) {
  ByteWriter writer = begin(Kind::kConfirmation);
  put(writer, confirmation.state);
  writer.boolean(confirmation.receipt.has_value());
  if (confirmation.receipt) put_receipt(writer, *confirmation.receipt);
  writer.text(confirmation.held);
  return writer.take();
}

Result<Confirmation> decode_confirmation(std::string_view bytes) {
  ByteReader reader = open(bytes, Kind::kConfirmation);
  Confirmation confirmation;
  take(reader, confirmation.state, Confirmation::State::kCannotTell);
  if (reader.boolean()) confirmation.receipt = take_receipt(reader);
  confirmation.held = reader.text();
  return finished(reader, std::move(confirmation));
}

std::string encode_acceptance(const Acceptance& acceptance) {
  ByteWriter writer = begin(Kind::kAcceptance);
  put(writer, acceptance.verdict);
  writer.text(acceptance.id);
  writer.text(acceptance.code);
  writer.text(acceptance.message);
  writer.i64(acceptance.retry_after.count());
  return writer.take();
}

Result<Acceptance> decode_acceptance(std::string_view bytes) {
  ByteReader reader = open(bytes, Kind::kAcceptance);
  Acceptance acceptance;
  take(reader, acceptance.verdict, Acceptance::Verdict::kBusy);
  acceptance.id = reader.text();
  acceptance.code = reader.text();
  acceptance.message = reader.text();
  acceptance.retry_after = std::chrono::milliseconds(reader.i64());
  return finished(reader, std::move(acceptance));
}

std::string encode_outcome(const Outcome& outcome) {
  ByteWriter writer = begin(Kind::kOutcome);
  put(writer, outcome.verdict);
  writer.text(outcome.remote_id);
  writer.text(outcome.code);
  writer.text(outcome.message);
  put_time(writer, outcome.when);
  return writer.take();
}

Result<Outcome> decode_outcome(std::string_view bytes) {
  ByteReader reader = open(bytes, Kind::kOutcome);
  Outcome outcome;
  take(reader, outcome.verdict, Outcome::Verdict::kWithdrawn);
  outcome.remote_id = reader.text();
  outcome.code = reader.text();
  outcome.message = reader.text();
  outcome.when = take_time(reader);
  return finished(reader, std::move(outcome));
}

// The deadline travels as it is: the monotonic clock is one for all processes of a machine.
std::string encode_call(const Call& call) {
  ByteWriter writer = begin(Kind::kCall);
  writer.text(call.trace_id);
  writer.text(call.step_key);
  writer.i64(call.attempt);
  writer.i64(std::chrono::nanoseconds(call.deadline.time_since_epoch()).count());
  writer.u32(static_cast<std::uint32_t>(call.earlier.size()));
  for (const EarlierDelivery& earlier : call.earlier) put_earlier(writer, earlier);
  return writer.take();
}

Result<Call> decode_call(std::string_view bytes) {
  ByteReader reader = open(bytes, Kind::kCall);
  Call call;
  call.trace_id = reader.text();
  call.step_key = reader.text();
  const std::int64_t attempt = reader.i64();
  if (attempt < 0 || attempt > 1'000'000'000) reader.fail();
  call.attempt = static_cast<int>(attempt);
  call.deadline = std::chrono::steady_clock::time_point(std::chrono::nanoseconds(reader.i64()));
  for (std::uint32_t left = reader.count(kMostItems); left > 0 && !reader.failed(); --left) {
    call.earlier.push_back(take_earlier(reader));
  }
  return finished(reader, std::move(call));
}

}  // namespace certbridge

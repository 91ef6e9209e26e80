#include "certbridge/encoding.h"

#include "encoding_parts.h"

namespace certbridge {
namespace encoding {

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

}  // namespace encoding

namespace {

using namespace encoding;

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

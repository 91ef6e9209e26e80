#include "journal/codec.h"

#include <algorithm>

#include "journal/failure.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kShortDigest = 16;

[[noreturn]] void damaged() {
  throw Failure(Error::fault("journal.damaged",
                             "a record of the journal does not have the shape it was written in; "
                             "restore the data folder from its backup"));
}

std::uint64_t to_number(Timestamp when) {
  return static_cast<std::uint64_t>(when.time_since_epoch().count());
}
Timestamp to_time(std::uint64_t number) {
  return Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(number)));
}
std::string_view view_of(const Sm3Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
Sm3Digest digest_of(std::string_view bytes) {
  Sm3Digest digest{};
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace

ByteWriter& ByteWriter::number(std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<char>(value >> (8 * i)));
  return *this;
}
ByteWriter& ByteWriter::text(std::string_view value) {
  number(value.size(), 4);
  bytes_.append(value);
  return *this;
}
ByteWriter& ByteWriter::raw(std::string_view value) {
  bytes_.append(value);
  return *this;
}

std::uint64_t ByteReader::number(int bytes) {
  const std::string_view part = raw(static_cast<std::size_t>(bytes));
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(part[i])) << (8 * i);
  }
  return value;
}
std::string ByteReader::text() {
  const std::uint64_t size = number(4);
  return std::string(raw(size));
}
std::string_view ByteReader::raw(std::size_t count) {
  if (count > rest_.size()) damaged();
  const std::string_view part = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return part;
}
void ByteReader::expect_end() const {
  if (!rest_.empty()) damaged();
}

void write_place(ByteWriter& out, const ContentPlace& place) {
  out.text(place.name).text(place.inside).number(place.size, 8).raw(view_of(place.digest));
}
ContentPlace read_place(ByteReader& in) {
  ContentPlace place;
  place.name = in.text();
  place.inside = in.text();
  place.size = in.number(8);
  place.digest = digest_of(in.raw(32));
  return place;
}

std::string encode_record(const MessageRecord& record) {
  ByteWriter out;
  out.text(record.source_key).number(record.order_keys.size(), 4);
  for (const OrderKey& key : record.order_keys) out.text(key.kind).text(key.value);
  out.number(record.headers.size(), 4);
  for (const auto& [name, value] : record.headers) out.text(name).text(value);
  out.number(record.attachments.size(), 4);
  for (const AttachmentRecord& attachment : record.attachments) {
    out.text(attachment.name).text(attachment.media_type);
    write_place(out, attachment.place);
  }
  if (record.search.empty()) return out.take();
  out.number(record.search.size(), 4);
  for (const std::string& digest : record.search) out.raw(digest);
  return out.take();
}

MessageRecord decode_record(std::string_view bytes) {
  ByteReader in(bytes);
  MessageRecord record;
  record.source_key = in.text();
  for (std::uint64_t left = in.number(4); left > 0; --left) {
    std::string kind = in.text();
    record.order_keys.push_back({std::move(kind), in.text()});
  }
  for (std::uint64_t left = in.number(4); left > 0; --left) {
    std::string name = in.text();
    record.headers.emplace(std::move(name), in.text());
  }
  for (std::uint64_t left = in.number(4); left > 0; --left) {
    AttachmentRecord attachment;
    attachment.name = in.text();
    attachment.media_type = in.text();
    attachment.place = read_place(in);
    record.attachments.push_back(std::move(attachment));
  }
  if (in.at_end()) return record;
  for (std::uint64_t left = in.number(4); left > 0; --left) {
    record.search.emplace_back(in.raw(kShortDigest));
  }
  in.expect_end();
  return record;
}

std::string encode_receipt_record(const Receipt& receipt) {
  ByteWriter out;
  out.number(static_cast<std::uint64_t>(receipt.state), 1);
  out.text(receipt.remote_id).text(receipt.correlation).number(to_number(receipt.when), 8);
  out.number(receipt.expected_by ? 1 : 0, 1);
  out.number(receipt.expected_by ? to_number(*receipt.expected_by) : 0, 8);
  return out.take();
}
Receipt decode_receipt_record(std::string_view bytes) {
  ByteReader in(bytes);
  Receipt receipt;
  receipt.state = in.number(1) == 2 ? Receipt::State::kOpen : Receipt::State::kSettled;
  receipt.remote_id = in.text();
  receipt.correlation = in.text();
  receipt.when = to_time(in.number(8));
  const bool expected = in.number(1) == 1;
  const Timestamp by = to_time(in.number(8));
  if (expected) receipt.expected_by = by;
  in.expect_end();
  return receipt;
}

std::string encode_outcome_record(const Outcome& outcome) {
  ByteWriter out;
  out.number(static_cast<std::uint64_t>(outcome.verdict), 1);
  out.text(outcome.remote_id).text(outcome.code).text(outcome.message);
  out.number(to_number(outcome.when), 8);
  return out.take();
}
Outcome decode_outcome_record(std::string_view bytes) {
  ByteReader in(bytes);
  Outcome outcome;
  const std::uint64_t verdict = in.number(1);
  if (verdict < 1 || verdict > 3) damaged();
  outcome.verdict = static_cast<Outcome::Verdict>(verdict);
  outcome.remote_id = in.text();
  outcome.code = in.text();
  outcome.message = in.text();
  outcome.when = to_time(in.number(8));
  in.expect_end();
  return outcome;
}

std::string encode_names(const std::vector<std::string>& names) {
  ByteWriter out;
  for (const std::string& name : names) out.text(name);
  return out.take();
}
std::vector<std::string> decode_names(std::string_view bytes) {
  ByteReader in(bytes);
  std::vector<std::string> names;
  while (!in.at_end()) names.push_back(in.text());
  return names;
}

std::string encode_digests(const std::vector<Sm3Digest>& digests) {
  ByteWriter out;
  for (const Sm3Digest& digest : digests) out.raw(view_of(digest));
  return out.take();
}
std::vector<Sm3Digest> decode_digests(std::string_view bytes) {
  ByteReader in(bytes);
  std::vector<Sm3Digest> digests;
  while (!in.at_end()) digests.push_back(digest_of(in.raw(32)));
  return digests;
}

}  // namespace certbridge::host

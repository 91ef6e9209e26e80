#include "access/records/record_body.h"

#include <algorithm>

#include "certbridge/bytes.h"

namespace certbridge::host {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kMostInputs = 64UL * 1024;
constexpr std::uint32_t kMostSources = 32;
constexpr std::uint32_t kMostFields = 256;
constexpr auto kLastKind = static_cast<std::uint8_t>(kLastAccessKind);
constexpr auto kLastDecision = static_cast<std::uint8_t>(AccessDecision::kDenied);

// In the order of the bytes.
constexpr std::string AccessRecord::*kTextsBefore[] = {
    &AccessRecord::trace_id, &AccessRecord::system,
    &AccessRecord::role,     &AccessRecord::level,
    &AccessRecord::unit,     &AccessRecord::ground_kind,
    &AccessRecord::purpose,  &AccessRecord::certificate_type,
    &AccessRecord::issuer};
constexpr std::string AccessRecord::*kPersonalTexts[] = {
    &AccessRecord::person, &AccessRecord::ground, &AccessRecord::holder,
    &AccessRecord::certificate_number, &AccessRecord::certificate};

void append(certbridge::ByteWriter& out, const Sm3Digest& digest) {
  out.append({reinterpret_cast<const char*>(digest.data()), digest.size()});
}
Sm3Digest read_digest(certbridge::ByteReader& in) {
  Sm3Digest digest{};
  for (std::uint8_t& byte : digest) byte = in.u8();
  return digest;
}

void append(certbridge::ByteWriter& out, const SealedPart& part) {
  out.u32(part.key.month);
  out.u32(part.key.slot);
  out.u8(static_cast<std::uint8_t>(part.suite));
  out.text(part.bytes);
}
SealedPart read_sealed(certbridge::ByteReader& in) {
  SealedPart part;
  part.key.month = in.u32();
  part.key.slot = in.u32();
  part.suite = static_cast<Suite>(in.enumeration(2));
  part.bytes = in.text();
  return part;
}

void append_lists(certbridge::ByteWriter& out, const AccessRecord& record) {
  out.u32(static_cast<std::uint32_t>(record.sources.size()));
  for (const AskedSource& source : record.sources) {
    out.text(source.endpoint);
    out.text(source.outcome);
  }
  out.u32(static_cast<std::uint32_t>(record.disclosed.size()));
  for (const std::string& field : record.disclosed) out.text(field);
}
void read_lists(certbridge::ByteReader& in, AccessRecord& record) {
  for (std::uint32_t left = in.count(kMostSources); left > 0; --left) {
    AskedSource& source = record.sources.emplace_back();
    source.endpoint = in.text();
    source.outcome = in.text();
  }
  for (std::uint32_t left = in.count(kMostFields); left > 0; --left) {
    record.disclosed.push_back(in.text());
  }
}

Timestamp time_from(std::int64_t milliseconds) {
  return Timestamp(std::chrono::milliseconds(milliseconds));
}

bool fits(const std::string& text) { return text.size() <= kLongestText; }

}  // namespace

std::string encode(const RecordBody& body) {
  const AccessRecord& record = body.record;
  certbridge::ByteWriter out;
  out.u8(kVersion);
  out.u8(static_cast<std::uint8_t>(record.kind));
  out.i64(record.asked.time_since_epoch().count());
  out.i64(record.decided.time_since_epoch().count());
  for (const auto member : kTextsBefore) out.text(record.*member);
  out.u8(static_cast<std::uint8_t>(record.decision));
  out.text(record.code);
  out.text(record.policy);
  append(out, body.inputs_digest);
  append_lists(out, record);
  append(out, body.disclosed_digest);
  out.text(record.result);
  out.u64(record.refers_to);
  append(out, body.who);
  append(out, body.about);
  return out.take();
}

Result<RecordBody> decode_record_body(std::string_view bytes) {
  certbridge::ByteReader in(bytes);
  RecordBody body;
  AccessRecord& record = body.record;
  if (in.u8() != kVersion) in.fail();
  record.kind = static_cast<AccessKind>(in.enumeration(kLastKind));
  record.asked = time_from(in.i64());
  record.decided = time_from(in.i64());
  for (const auto member : kTextsBefore) record.*member = in.text();
  record.decision = static_cast<AccessDecision>(in.enumeration(kLastDecision));
  record.code = in.text();
  record.policy = in.text();
  body.inputs_digest = read_digest(in);
  read_lists(in, record);
  body.disclosed_digest = read_digest(in);
  record.result = in.text();
  record.refers_to = in.u64();
  body.who = read_sealed(in);
  body.about = read_sealed(in);
  if (!in.finish()) {
    return Error::fault("access.damaged", "the body of an access record is not of its form");
  }
  return body;
}

Result<void> check_size(const AccessRecord& record) {
  bool all_fit = fits(record.code) && fits(record.policy) && fits(record.result) &&
                 record.inputs.size() <= kMostInputs && record.sources.size() <= kMostSources &&
                 record.disclosed.size() <= kMostFields &&
                 (record.disclosed_digest.empty() || record.disclosed_digest.size() == 32);
  for (const auto member : kTextsBefore) all_fit = all_fit && fits(record.*member);
  for (const auto member : kPersonalTexts) all_fit = all_fit && fits(record.*member);
  for (const std::string& field : record.disclosed) all_fit = all_fit && fits(field);
  for (const AskedSource& source : record.sources) {
    all_fit = all_fit && fits(source.endpoint) && fits(source.outcome);
  }
  std::size_t listed = 0;
  for (const std::string& field : record.disclosed) listed += field.size();
  if (all_fit && listed <= kMostInputs) return {};
  return Error::permanent("access.too_large",
                          "a part of the access record is longer than records may have");
}

}  // namespace certbridge::host

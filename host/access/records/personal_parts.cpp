#include "access/records/personal_parts.h"

#include <algorithm>

#include "access/records/holder_code.h"
#include "certbridge/bytes.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kSaltBytes = 16;

std::string place_text(std::string_view part, const std::string& node, const KeyPlace& key) {
  return "access." + std::string(part) + "|" + node + "|" + std::to_string(key.month) + "|" +
         std::to_string(key.slot);
}

SealedPart seal(std::string_view part, const std::string& node, const PersonalKey& key, Suite suite,
                const std::string& plain) {
  SealedPart sealed{key.place, suite, new_nonce(suite)};
  sealed.bytes +=
      encrypt(suite, key.key, std::string(sealed.bytes), place_text(part, node, key.place), plain);
  return sealed;
}

Failure damaged() {
  return Failure(Error::fault("access.damaged",
                              "the personal part of an access record does not fit its key: the "
                              "record or the file of keys was changed"));
}

// None when its key was destroyed.
std::optional<std::string> unseal(std::string_view part, const std::string& node,
                                  const SealedPart& sealed, const PersonalKeys& keys) {
  std::optional<Key> key = keys.key_at(sealed.key);
  if (!key) return {};
  const std::size_t nonce = nonce_size(sealed.suite);
  if (sealed.bytes.size() < nonce) throw damaged();
  std::string plain;
  const bool fits = decrypt(sealed.suite, *key, std::string_view(sealed.bytes).substr(0, nonce),
                            place_text(part, node, sealed.key),
                            std::string_view(sealed.bytes).substr(nonce), plain);
  wipe(*key);
  if (!fits) throw damaged();
  return plain;
}

Sm3Digest salted(const std::string& salt, const std::string& text) {
  Sm3 sm3;
  sm3.add(salt);
  sm3.add(text);
  return sm3.finish();
}

void take_about(const RecordBody& body, const std::string& plain, AccessRecord& record) {
  if (plain.size() < kSaltBytes) throw damaged();
  const std::string salt = plain.substr(0, kSaltBytes);
  certbridge::ByteReader in(std::string_view(plain).substr(kSaltBytes));
  record.holder = in.text();
  record.certificate_number = in.text();
  record.certificate = in.text();
  record.ground = in.text();
  record.inputs = in.text();
  record.disclosed_digest = in.text();
  if (!in.finish() || salted(salt, record.inputs) != body.inputs_digest) throw damaged();
  if (!record.disclosed_digest.empty() &&
      salted(salt, record.disclosed_digest) != body.disclosed_digest) {
    throw damaged();
  }
}

}  // namespace

RecordBody seal_record(const AccessRecord& record, const std::string& node,
                       const std::string& month, const Key& index_key, PersonalKeys& keys) {
  RecordBody body;
  body.record = record;
  const std::string salt = random_bytes(kSaltBytes);
  body.inputs_digest = salted(salt, record.inputs);
  if (!record.disclosed_digest.empty()) {
    body.disclosed_digest = salted(salt, record.disclosed_digest);
  }
  certbridge::ByteWriter about;
  about.append(salt);
  about.text(record.holder);
  about.text(record.certificate_number);
  about.text(record.certificate);
  about.text(record.ground);
  about.text(record.inputs);
  about.text(record.disclosed_digest);
  // Who asks is kept under one key of the month: it outlives the holder's.
  body.who = seal("who", node, keys.key_for(month, "who"), keys.suite(), record.person);
  const std::string subject = access_digest(index_key, AccessTerm::kHolder, record.holder);
  body.about = seal("about", node, keys.key_for(month, subject), keys.suite(), about.bytes());
  return body;
}

OpenedRecord open_record(const RecordBody& body, const std::string& node,
                         const PersonalKeys& keys) {
  OpenedRecord opened;
  opened.record = body.record;
  const auto who = unseal("who", node, body.who, keys);
  const auto about = unseal("about", node, body.about, keys);
  opened.who_is_gone = !who.has_value();
  opened.about_is_gone = !about.has_value();
  opened.record.person = who.value_or(std::string());
  if (about) take_about(body, *about, opened.record);
  return opened;
}

Key access_index_key(const Key& master) {
  return derive_key(Suite::kSm4CtrHmacSm3, master, "certbridge access index");
}

std::string access_digest(const Key& index_key, AccessTerm kind, const std::string& value) {
  certbridge::ByteWriter text;
  text.u8(static_cast<std::uint8_t>(kind));
  text.append(kind == AccessTerm::kHolder ? comparable_code(value) : value);
  return keyed_digest(Suite::kSm4CtrHmacSm3, index_key, text.bytes()).substr(0, 16);
}

}  // namespace certbridge::host

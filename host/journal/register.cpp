#include "journal/register.h"

#include "certbridge/certificate.h"
#include "journal/failure.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kDigestSize = 16;

std::string record_place_of(const std::string& digest) { return "certificates.record|" + digest; }

void write_row(Change& change, const std::string& digest, const RegisteredCertificate& it) {
  const std::string sealed =
      change.writer.keys.seal(record_place_of(digest), write_life_record(it.life));
  change.connection().run(
      "insert into certificates(key, version, base, tell, revision, changed, record) values (?, ?, "
      "?, ?, ?, ?, ?) on conflict(key) do update set version = excluded.version, base = "
      "excluded.base, tell = excluded.tell, revision = excluded.revision, changed = "
      "excluded.changed, record = excluded.record",
      Blob{digest}, it.version, static_cast<int>(it.life.state.base.base), it.tell_when_collected,
      it.revision, change.now_number(), Blob{sealed});
}

std::optional<RegisteredCertificate> read_row(Change& change, const std::string& digest) {
  Statement& row = change.connection().select(kCertificateLetters, kCertificateQuery, Blob{digest});
  if (!row.next()) return std::nullopt;
  RegisteredCertificate found = to_certificate(change.writer.keys, row, digest, {});
  row.reset();
  found.key = certificate_key(found.life.type_code, normalise_certificate_number(found.life.number),
                              found.life.issuer_code);
  return found;
}

// An event that follows from another, accepted in the same transaction like any source's.
void hand_over(Change& change, const RegisteredCertificate& it, const std::string& event,
               const std::string& cause) {
  Message message;
  message.type = "certificate.event";
  message.source_key = it.key.value + ":" + event + ":" + cause;
  message.order_keys = {it.key};
  message.area = it.life.area;
  message.created = change.now;
  message.headers = {
      {"life-event", event},
      {"certificate-number", it.life.number},
      {"certificate-number-normalised", normalise_certificate_number(it.life.number)},
      {"type-code", it.life.type_code},
      {"issuer-code", it.life.issuer_code},
      {"issuer-name", it.life.issuer_name}};
  if (!it.life.case_no.empty()) message.headers["case-no"] = it.life.case_no;
  PreparedMessage prepared = prepare_without_content(message, change.writer.keys);
  prepare_ledger(prepared, kRegisterSource, change.writer.keys);
  if (change.writer.lane_of) prepared.lane = change.writer.lane_of(kRegisterSource, message);
  accept_message(change, kRegisterSource, prepared);
}

}  // namespace

const char* const kCertificateQuery =
    "select version, tell, revision, record from certificates where key = ?";
const char* const kCertificateLetters = "iiib";

RegisteredCertificate to_certificate(const Keyring& keys, Statement& row, const std::string& digest,
                                     const OrderKey& key) {
  RegisteredCertificate found;
  found.key = key;
  found.version = static_cast<int>(row.integer(0));
  found.tell_when_collected = row.integer(1) == 1;
  found.revision = static_cast<std::uint64_t>(row.integer(2));
  auto life = parse_life_record(keys.open(record_place_of(digest), row.blob(3)));
  if (!life) {
    throw Failure(Error::fault("journal.damaged", "a certificate of the register cannot be read: " +
                                                      life.error().message));
  }
  found.life = std::move(life).value();
  return found;
}

std::string encode_collects(const Keyring& keys, const Collects& collects) {
  if (collects.version == 0) return {};
  return ByteWriter()
      .raw(order_key_digest(keys, collects.certificate))
      .number(static_cast<std::uint64_t>(collects.version), 4)
      .take();
}

void change_certificate(Change& change, const RegisterChange& wanted) {
  const std::string digest = order_key_digest(change.writer.keys, wanted.after.key);
  const std::int64_t stored =
      change.connection()
          .number("select revision from certificates where key = ?", Blob{digest})
          .value_or(0);
  if (static_cast<std::uint64_t>(stored) != wanted.after.revision) {
    throw Failure(Error::permanent("journal.state_changed",
                                   "a certificate of the register has changed meanwhile"));
  }
  RegisteredCertificate after = wanted.after;
  ++after.revision;
  write_row(change, digest, after);
}

void certificate_collected(Change& change, const DeliveryRow& row, const std::string& collects) {
  if (collects.size() != kDigestSize + 4) return;
  const std::string digest = collects.substr(0, kDigestSize);
  const std::uint64_t version =
      ByteReader(std::string_view(collects).substr(kDigestSize)).number(4);
  auto found = read_row(change, digest);
  if (!found || static_cast<std::uint64_t>(found->version) != version) return;
  LifeEvent event;
  event.kind = LifeEventKind::kCollected;
  event.when = change.now;
  const LifeChange after = apply_event(found->life.state, event);
  const bool tell = found->tell_when_collected;
  if (after.effect != LifeEffect::kChanged && !tell) return;
  found->life.state = after.after;
  found->tell_when_collected = false;
  ++found->revision;
  write_row(change, digest, *found);
  if (tell) hand_over(change, *found, "tell", "delivery " + std::to_string(row.id));
}

}  // namespace certbridge::host

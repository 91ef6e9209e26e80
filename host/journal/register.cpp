#include "journal/register.h"

#include "certbridge/certificate.h"
#include "journal/failure.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kDigestSize = 16;
constexpr const char* kRejectedReason = "入库后退回";

OrderKey key_of(const LifeRecord& life) {
  return certificate_key(life.type_code, normalise_certificate_number(life.number),
                         life.issuer_code);
}

std::string record_place_of(const std::string& digest) { return "certificates.record|" + digest; }

std::optional<std::int64_t> day_number(const std::optional<std::chrono::year_month_day>& day) {
  if (!day) return std::nullopt;
  return std::chrono::sys_days(*day).time_since_epoch().count();
}

// Another end of the term is to be dealt with anew.
void write_row(Change& change, const std::string& digest, const RegisteredCertificate& it) {
  const std::string sealed =
      change.writer.keys.seal(record_place_of(digest), write_life_record(it.life));
  change.connection().run(
      "insert into certificates(key, version, base, tell, revision, changed, area, type, ends_on, "
      "term, record) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?) on conflict(key) do update set "
      "version = excluded.version, base = excluded.base, tell = excluded.tell, revision = "
      "excluded.revision, changed = excluded.changed, area = excluded.area, type = excluded.type, "
      "ends_on = excluded.ends_on, term = case when excluded.ends_on is ends_on then term else 0 "
      "end, record = excluded.record",
      Blob{digest}, it.version, static_cast<int>(it.life.state.base.base), it.tell_when_collected,
      it.revision, change.now_number(), it.life.area, it.life.type_code,
      day_number(it.life.expires_on), Blob{sealed});
  follow_links(change, digest, it);
}

// The certificate whose collection the delivery is, unless another version took its place.
std::optional<RegisteredCertificate> collected_by(Change& change, const DeliveryRow& row) {
  if (row.collects.size() != kDigestSize + 4) return std::nullopt;
  auto found = read_registered(change, row.collects.substr(0, kDigestSize));
  const std::uint64_t version =
      ByteReader(std::string_view(row.collects).substr(kDigestSize)).number(4);
  if (found && static_cast<std::uint64_t>(found->version) != version) return std::nullopt;
  return found;
}

void happen(Change& change, const DeliveryRow& row, RegisteredCertificate& it,
            const LifeEvent& event) {
  const LifeChange after = apply_event(it.life.state, event);
  if (after.effect != LifeEffect::kChanged) return;
  it.life.state = after.after;
  ++it.revision;
  write_row(change, row.collects.substr(0, kDigestSize), it);
}

}  // namespace

bool was_rejected(const RegisteredCertificate& it) {
  const Status& base = it.life.state.base;
  return base.base == Status::Base::kIssued && base.reason == kRejectedReason;
}

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

std::optional<RegisteredCertificate> read_registered(Change& change, const std::string& digest) {
  Statement& row = change.connection().select(kCertificateLetters, kCertificateQuery, Blob{digest});
  if (!row.next()) return std::nullopt;
  RegisteredCertificate found = to_certificate(change.writer.keys, row, digest, {});
  row.reset();
  found.key = key_of(found.life);
  return found;
}

// Accepted in the same transaction like any source's.
void hand_over(Change& change, const FollowingEvent& wanted) {
  const LifeRecord& who = wanted.who;
  Message message;
  message.type = "certificate.event";
  const OrderKey key = key_of(who);
  message.source_key = key.value + ":" + wanted.event + ":" + wanted.cause;
  message.order_keys = {key};
  for (const std::string& unit : who.units) message.order_keys.push_back({"unit", unit});
  message.area = who.area;
  message.created = change.now;
  message.headers = wanted.headers;
  message.headers["life-event"] = wanted.event;
  message.headers["certificate-number"] = who.number;
  message.headers["certificate-number-normalised"] = normalise_certificate_number(who.number);
  message.headers["type-code"] = who.type_code;
  message.headers["issuer-code"] = who.issuer_code;
  message.headers["issuer-name"] = who.issuer_name;
  if (!who.case_no.empty()) message.headers.emplace("case-no", who.case_no);
  PreparedMessage prepared = prepare_without_content(message, change.writer.keys);
  prepare_ledger(prepared, kRegisterSource, change.writer.keys);
  if (change.writer.lane_of) prepared.lane = change.writer.lane_of(kRegisterSource, message);
  bool ready = false;
  accept_message(change, kRegisterSource, prepared, ready);
  change.made_work = change.made_work || ready;
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

void certificate_collected(Change& change, const DeliveryRow& row) {
  auto found = collected_by(change, row);
  if (!found) return;
  std::string cause = "delivery " + std::to_string(row.id);
  if (was_rejected(*found)) {
    // What its library was told of meanwhile it was told of while it did not have it.
    found->tell_when_collected = found->life.word != "valid";
    cause += " again, revision " + std::to_string(found->revision);
  }
  const bool tell = found->tell_when_collected;
  happen(change, row, *found, {LifeEventKind::kCollected, change.now, "", {}});
  // The row says so until it is on its way: an event that comes in between may tell it as well.
  if (tell) hand_over(change, {found->life, "tell", cause, {}});
}

void certificate_rejected(Change& change, const DeliveryRow& row) {
  auto found = collected_by(change, row);
  if (found)
    happen(change, row, *found, {LifeEventKind::kRejected, change.now, kRejectedReason, {}});
}

void decide_term(Change& change, const TermDecision& decision) {
  const std::string digest = order_key_digest(change.writer.keys, decision.certificate);
  const std::int64_t decided = change.connection().run(
      "update certificates set term = 1 where key = ? and revision = ? and term = 0", Blob{digest},
      decision.revision);
  if (decided == 0 || !decision.expire) return;
  const auto found = read_registered(change, digest);
  if (!found || !found->life.expires_on) return;
  const auto day = std::chrono::sys_days(*found->life.expires_on).time_since_epoch().count();
  hand_over(change, {found->life,
                     to_word(LifeEventKind::kExpire),
                     "term " + std::to_string(day),
                     {{"life-reason", "期限届满"}}});
}

void write_terms_note(Change& change, const TermsNote& note) {
  Connection& connection = change.connection();
  if (!connection.exists("select 1 from meta where name = 'terms_policy' and value = ?",
                         note.policy)) {
    connection.run("update certificates set term = 0 where term = 1 and base in (1, 2)");
    connection.run("insert or replace into meta(name, value) values ('terms_policy', ?)",
                   note.policy);
  }
  if (!note.day) return;
  connection.run("insert or replace into meta(name, value) values ('terms_day', ?)",
                 std::to_string(note.day->time_since_epoch().count()));
}

}  // namespace certbridge::host

#include "engine/life_step.h"

#include <algorithm>

#include "certbridge/certificate.h"
#include "engine/life_links.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestCertificate = 1024UL * 1024;  // bytes

// Of the form 2026-11-28; none for anything else.
std::optional<std::chrono::year_month_day> parse_day(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char end = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &end) != 3) return {};
  const std::chrono::year_month_day found{std::chrono::year(year), std::chrono::month(month),
                                          std::chrono::day(day)};
  return found.ok() ? std::optional(found) : std::nullopt;
}

Result<Certificate> certificate_of(const Message& message) {
  if (message.body == nullptr) {
    return Error::permanent("life.message", "a message of type " + message.type + " has no body");
  }
  auto bytes = read_all(*message.body, kLargestCertificate);
  if (!bytes) return bytes.error();
  return parse_certificate(bytes.value());
}

std::vector<std::string> codes_of(const std::vector<UnitCode>& units) {
  std::vector<std::string> codes;
  for (const UnitCode& unit : units) codes.push_back(unit.text());
  return codes;
}

// Everything that one message needs, so that its parts stay small.
class LifeRun {
 public:
  LifeRun(const Message& message, const RegisterLookup& lookup, const LifePolicy& policy,
          Timestamp now)
      : message_(message), lookup_(lookup), policy_(policy), now_(now) {
    result_.message = message;
  }

  Result<LifeResult> issue() {
    auto certificate = certificate_of(message_);
    if (!certificate) return certificate.error();
    const Certificate& it = certificate.value();
    if (auto found = find(certificate_order_key(it)); !found) return found.error();
    const int version = it.identifier.version();
    if (version < row_.version) {
      return end(LifeOutcome::kSuperseded, MessageState::kSuperseded, "life.superseded",
                 "version " + std::to_string(row_.version) + " of this number is issued already");
    }
    if (auto reissued = reissue(); !reissued) return reissued.error();
    if (result_.outcome == LifeOutcome::kNotPublished) return std::move(result_);
    describe(it);
    auto linked = issued_change(message_, it, lookup_, row_.life);
    if (!linked) return linked.error();
    result_.linked = std::move(linked).value();
    row_.version = version;
    row_.life.word = word();
    row_.tell_when_collected = row_.life.word != "valid";
    result_.collects = {row_.key, version};
    result_.bearing = {Bearing::Kind::kIssues, row_.key};
    store();
    return end(LifeOutcome::kIssued, MessageState::kDone, "", "");
  }

  // Of what was sent and is returned: also an older version may have to be told of.
  Result<LifeResult> annul() {
    auto certificate = certificate_of(message_);
    if (!certificate) return certificate.error();
    const Certificate& it = certificate.value();
    if (auto found = find(certificate_order_key(it)); !found) return found.error();
    const int version = it.identifier.version();
    const bool older = version < row_.version;
    if (version > row_.version) {
      describe(it);
      row_.version = version;
      if (row_.revision == 0) row_.life.state.base = {Status::Base::kIssued, "", now_};
      row_.life.word = word();
    }
    LifeEvent event;
    event.kind = LifeEventKind::kVoid;
    if (!older) return happen(event);
    // The version in the register goes on: this is told of beside it.
    describe(it);
    row_.life.state.base = {Status::Base::kVoided, "", when()};
    result_.message.headers["status-before"] = "valid";
    row_.version = version;
    row_.life.word = word();
    return tell(LifeOutcome::kChanged, "", "");
  }

  Result<LifeResult> event() {
    const std::string number = header_of(message_, "certificate-number");
    const std::string issuer = header_of(message_, "issuer-code");
    if (number.empty() || issuer.empty()) {
      return Error::permanent("life.message",
                              "an event names no certificate (headers certificate-number and "
                              "issuer-code)");
    }
    if (auto found = find(certificate_key(header_of(message_, "type-code"),
                                          normalise_certificate_number(number), issuer));
        !found) {
      return found.error();
    }
    if (header_of(message_, "life-event") == "tell") return tell_again();
    auto event = event_of();
    if (!event) return event.error();
    result_.linked = booked_change(message_, row_.life);
    if (row_.version == 0) return bury(event.value(), number, issuer);
    return happen(event.value());
  }

 private:
  Result<void> find(const OrderKey& key) {
    auto found = lookup_(key);
    if (!found) return found.error();
    if (found.value()) row_ = *std::move(found).value();
    row_.key = key;
    return {};
  }
  Timestamp when() const {
    return parse_message_time(header_of(message_, "occurred-at")).value_or(now_);
  }
  std::string word() const {
    return told_word(row_.life.state, policy_.suspending(row_.life.area));
  }
  void store() { result_.change = RegisterChange{row_}; }

  void describe(const Certificate& it) {
    LifeRecord& life = row_.life;
    life.number = it.number.raw();
    life.type_code = it.type_code.text();
    life.identifier = it.identifier.text();
    life.issuer_code = it.issuer_code;
    life.issuer_name = it.issuer_name;
    life.area = it.area;
    life.case_no = it.case_no;
    life.units = codes_of(it.units);
    life.expires_on = it.expires_on;
    if (!life.expires_on) life.expires_on = parse_day(header_of(message_, "term-ends-on"));
    life.use = it.face_value("KZ_YT");
    if (life.use.empty()) life.use = it.face_value("YT");
  }

  // The state from which a version starts: anew, from what a tombstone says, or from the version
  // before.
  Result<void> reissue() {
    Status& base = row_.life.state.base;
    if (row_.revision == 0) {
      base = {Status::Base::kIssued, "", now_};
      return {};
    }
    LifeEvent event;
    event.kind = LifeEventKind::kReissued;
    event.when = now_;
    const LifeChange change = apply_event(row_.life.state, event);
    if (change.effect == LifeEffect::kRefused && row_.version > 0) {
      return Error::permanent("life.ended", "the certificate is " + to_word(base.base) +
                                                " in the register; a number that has ended is not "
                                                "issued again");
    }
    if (change.effect == LifeEffect::kRefused) {
      settle(LifeOutcome::kNotPublished, MessageState::kSuperseded, "life.not_published",
             "this number was " + to_word(base.base) + " before it was issued here; not published");
      return {};
    }
    row_.life.state = change.after;
    if (row_.version == 0) base = {Status::Base::kIssued, "", now_};
    return {};
  }

  Result<LifeEvent> event_of() const {
    LifeEvent event;
    const auto kind = life_event_kind_of(header_of(message_, "life-event"));
    if (!kind) {
      return Error::permanent("life.message", "the header life-event names no event");
    }
    event.kind = *kind;
    if (*kind != LifeEventKind::kRestrict && *kind != LifeEventKind::kRelease) return event;
    const auto restriction = restriction_kind_of(header_of(message_, "restriction-kind"));
    event.restriction.case_no = header_of(message_, "restriction-case");
    if (!restriction || event.restriction.case_no.empty()) {
      return Error::permanent("life.message",
                              "a restriction needs its kind and case number (headers "
                              "restriction-kind and restriction-case)");
    }
    event.restriction.kind = *restriction;
    event.restriction.authority = header_of(message_, "restriction-authority");
    return event;
  }

  LifeChange change_by(LifeEvent event) {
    event.when = when();
    event.reason = header_of(message_, "life-reason");
    LifeChange change = apply_event(row_.life.state, event);
    if (change.effect == LifeEffect::kChanged) row_.life.state = change.after;
    return change;
  }

  // Never electronic here: what is known of it is kept for the day on which it may become so.
  Result<LifeResult> bury(const LifeEvent& event, const std::string& number,
                          const std::string& issuer) {
    LifeRecord& life = row_.life;
    if (row_.revision == 0) life.state.base = {Status::Base::kValid, "", when()};
    life.number = number;
    life.type_code = header_of(message_, "type-code");
    life.issuer_code = issuer;
    life.issuer_name = header_of(message_, "issuer-name");
    life.area = message_.area;
    life.case_no = header_of(message_, "case-no");
    change_by(event);
    life.word = word();
    store();
    result_.ends = MessageState::kNotHeld;
    return tell(LifeOutcome::kNotHeld, "life.not_held",
                "a certificate of this number was never issued here; what happened to it is kept "
                "for the day on which it is");
  }

  Bearing::Kind bearing_now() const {
    const auto base = row_.life.state.base.base;
    const bool ended = base == Status::Base::kCancelled || base == Status::Base::kRevoked ||
                       base == Status::Base::kAbolished || base == Status::Base::kVoided;
    return ended ? Bearing::Kind::kEnds : Bearing::Kind::kTells;
  }

  Result<LifeResult> happen(const LifeEvent& event) {
    const std::string before = row_.life.word;
    const LifeChange change = change_by(event);
    if (change.effect == LifeEffect::kRefused) {
      return Error::permanent(change.code, "the certificate is " +
                                               to_word(row_.life.state.base.base) +
                                               " in the register; this event cannot follow");
    }
    result_.message.headers["status-before"] = library_word(before);
    if (change.effect == LifeEffect::kUnchanged) {
      store();  // that nothing changes is only known once its turn has come
      return tell(LifeOutcome::kUnchanged, change.code, "nothing changes by this event");
    }
    const std::string case_no = header_of(message_, "case-no");
    if (!case_no.empty()) row_.life.case_no = case_no;
    row_.life.word = word();
    result_.bearing = {bearing_now(), row_.key};
    const bool to_tell = row_.life.word != before && row_.life.word != library_word(before);
    // Whoever is told now, behind the collection, needs not be told once more of how it stands.
    if (row_.life.word != before) row_.tell_when_collected = false;
    store();
    return tell(to_tell ? LifeOutcome::kChanged : LifeOutcome::kNoted, "", "");
  }

  // What the library takes it for: a version that it was not told of yet is valid there.
  std::string library_word(const std::string& word) const {
    return row_.tell_when_collected ? "valid" : word;
  }

  // A version was collected while restrictions were open: its library takes it for valid.
  Result<LifeResult> tell_again() {
    result_.message.headers["status-before"] = "valid";
    if (row_.version == 0 || row_.life.word == "valid" || !row_.tell_when_collected) {
      return tell(LifeOutcome::kUnchanged, "life.already", "nothing is to be told any more");
    }
    row_.tell_when_collected = false;
    store();
    result_.message.headers["occurred-at"] = to_iso8601(stands_so_since());
    return tell(LifeOutcome::kChanged, "", "");
  }

  // When the newest of what makes its word began: whatever is told next happened later.
  Timestamp stands_so_since() const {
    const bool mortgaged = row_.life.word == "mortgaged";
    Timestamp since{};
    for (const Restriction& one : row_.life.state.restrictions) {
      const bool is_mortgage = one.kind == RestrictionKind::kMortgage;
      if (!one.waiting && is_mortgage == mortgaged) since = std::max(since, one.since);
    }
    return since == Timestamp{} ? row_.life.state.base.since : since;
  }

  // The message as it goes on: how the certificate stands.
  Result<LifeResult> tell(LifeOutcome outcome, const std::string& code, const std::string& text) {
    Message& message = result_.message;
    message.type = "certificate.status";
    message.media_type = kLifeMediaType;
    message.body = content_of(write_life_record(row_.life));
    message.attachments.clear();
    message.headers.erase("type-version");  // it issues nothing: no lane of its type holds it
    message.headers["status-word"] = row_.life.word;
    if (row_.version > 0) message.headers["version"] = std::to_string(row_.version);
    if (!row_.life.identifier.empty()) message.headers["identifier"] = row_.life.identifier;
    return end(outcome, result_.ends, code, text);
  }

  void settle(LifeOutcome outcome, MessageState ends, const std::string& code,
              const std::string& text) {
    result_.outcome = outcome;
    result_.ends = ends;
    result_.code = code;
    result_.text = text;
    result_.message.headers["life-effect"] = to_text(outcome);
  }
  LifeResult end(LifeOutcome outcome, MessageState ends, const std::string& code,
                 const std::string& text) {
    settle(outcome, ends, code, text);
    return result_;
  }

  const Message& message_;
  const RegisterLookup& lookup_;
  const LifePolicy& policy_;
  Timestamp now_;
  RegisteredCertificate row_{};
  LifeResult result_{};
};

}  // namespace

Result<LifeResult> apply_life(const Message& message, const RegisterLookup& lookup,
                              const LifePolicy& policy, Timestamp now) {
  LifeRun run(message, lookup, policy, now);
  if (message.type == "certificate.issue") return run.issue();
  if (message.type == "certificate.void") return run.annul();
  if (message.type == "certificate.event") return run.event();
  return Error::permanent("life.message",
                          "<life> takes certificate.issue, certificate.void and "
                          "certificate.event, not " +
                              message.type);
}

}  // namespace certbridge::host

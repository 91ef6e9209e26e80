#include "reader.h"

#include <algorithm>

#include "arrivals.h"
#include "case_rows.h"
#include "certificate_builder.h"
#include "dates.h"
#include "earlier_case.h"
#include "images.h"
#include "life_events.h"
#include "records_client.h"
#include "terms.h"
#include "unit_keys.h"
#include "versions.h"

namespace certbridge::registration {
namespace {

// A certificate number keeps its serial in every version.
Result<std::string> counted_serial(Memory& memory, const Certificate& certificate,
                                   const Call& call) {
  const OrderKey key = certificate_order_key(certificate);
  auto known = memory.get(call.step_key, key, "serial");
  if (!known) return known.error();
  if (known.value()) return *known.value();
  const std::string counter =
      "serial/" + certificate.type_code.text() + "/" + certificate.issuer_code;
  // One number for one certificate, however often the step is asked for it.
  auto number = memory.next(call.step_key + "/" + certificate.certificate_id, counter);
  if (!number) return number.error();
  std::string digits = std::to_string(number.value());
  digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, '0');
  const std::string serial = certificate.area + digits;
  if (auto put = memory.put(call.step_key, key, "serial", serial); !put) return put.error();
  return serial;
}

// Of everything that the certificate shows.
std::string content_digest(const Certificate& certificate, const std::vector<Attachment>& images) {
  std::string shown = write_certificate(certificate);
  for (const Attachment& image : images) shown += "\n" + to_hex(image.digest);
  return sm3_hex(shown);
}

void describe(Message& message, const Certificate& certificate, const std::string& record_digest) {
  message.type = "certificate.issue";
  message.media_type = kCertificateMediaType;
  message.body = content_of(write_certificate(certificate));
  std::vector<std::string> units;
  for (const UnitCode& unit : certificate.units) units.push_back(unit.text());
  narrow_units(message, units);
  message.order_keys.push_back(certificate_order_key(certificate));
  Headers& headers = message.headers;
  headers["certificate-id"] = certificate.certificate_id;
  headers["certificate-number"] = certificate.number.raw();
  headers["certificate-number-normalised"] = certificate.number.normalised();
  headers["identifier"] = certificate.identifier.text();
  headers["issuer-code"] = certificate.issuer_code;
  headers["type-code"] = certificate.type_code.text();
  headers["version"] = std::to_string(certificate.identifier.version());
  headers["issued-on"] = day_text(certificate.issued_on);
  headers["record-digest"] = record_digest;
}

// Everything that one reading needs, so that its parts stay small.
class Reading {
 public:
  Reading(const ReaderSettings& settings, const CaseAnswer& answer, const IssuerDirectory& issuers,
          Memory& memory, const Facts& facts, const Spool& spool, const Message& event,
          const Call& call)
      : settings_(settings),
        answer_(answer),
        issuers_(issuers),
        memory_(memory),
        versions_(memory, facts, settings.library_endpoint),
        spool_(spool),
        event_(event),
        call_(call) {}

  Result<std::vector<Message>> messages(EventAction action, bool within_grace) {
    std::vector<Message> made;
    bool any_in_force = false;
    for (const CaseRow& row : answer_.rows.set("certificates")) {
      if (row.text("state") == "withdrawn") continue;
      const bool title = row.text("kind") == "title";
      if (title != (action == EventAction::kTitle)) {
        return Error::permanent(
            "registration.certificate_kind",
            row.place("kind") + ": the event table expects the other kind for this case");
      }
      auto message = message_of(row, action, within_grace);
      if (!message) return message.error();
      any_in_force = true;
      if (message.value()) made.push_back(*std::move(message).value());
    }
    if (any_in_force) return made;
    if (!answer_.rows.set("certificates").empty()) {
      return Error::permanent(kCodeWithdrawn, "all certificates of the case are withdrawn");
    }
    return Error::retryable("registration.incomplete", "the case has no certificate rows yet");
  }

 private:
  // Nothing when the library has just this already, or is about to get it.
  Result<std::optional<Message>> message_of(const CaseRow& row, EventAction action,
                                            bool within_grace) {
    const BuildRequest request{
        settings_.mapping, answer_.rows, row, action, event_.area, header_of(event_, "case-no"),
        issuers_};
    auto built = build_certificate(request);
    if (!built) return built.error();
    if (within_grace && lacks_shares(built.value())) {
      return Error::retryable("registration.incomplete", "shares of a certificate are missing yet");
    }
    auto images = images_of(answer_.rows, row.text("id"), spool_);
    if (!images) return images.error();
    auto version =
        versions_.next(built.value(), content_digest(built.value(), images.value()), call_);
    if (!version) return version.error();
    if (!version.value()) return std::optional<Message>();
    auto certificate = numbered(built.value(), *version.value());
    if (!certificate) return certificate.error();
    Message message = event_;
    describe(message, certificate.value(), answer_.digest);
    if (const std::string booked = booked_at(request); !booked.empty()) {
      message.headers["booked-at"] = booked;
    }
    add_change(message, action == EventAction::kProof);
    const std::string ends = end_of_term(settings_.mapping, answer_.rows, row.text("id"));
    if (!ends.empty()) message.headers["term-ends-on"] = ends;
    message.attachments = std::move(images).value();
    return std::optional(std::move(message));
  }

  // What becomes of the certificates that this one follows.
  void add_change(Message& message, bool proof) const {
    const ChangeRule rule = change_of(settings_.mapping, event_, proof);
    if (rule.earlier == ChangeRule::Earlier::kStay) return;
    message.headers["change-policy"] = to_text(rule.earlier);
    if (!rule.reason.empty()) message.headers["change-reason"] = rule.reason;
  }

  Result<Certificate> numbered(const Certificate& certificate, int version) {
    std::string serial;
    if (settings_.serial == SerialStrategy::kCounter) {
      auto counted = counted_serial(memory_, certificate, call_);
      if (!counted) return counted.error();
      serial = std::move(counted).value();
    }
    return renumbered(certificate, serial, version);
  }

  const ReaderSettings& settings_;
  const CaseAnswer& answer_;
  const IssuerDirectory& issuers_;
  Memory& memory_;
  Versions versions_;
  const Spool& spool_;
  const Message& event_;
  const Call& call_;
};

}  // namespace

Reader::Reader(ReaderSettings settings, Responder& records, Memory& memory, const Facts& facts,
               const IssuerDirectory& issuers, const Clock& clock,
               std::function<Result<std::unique_ptr<ContentWriter>>()> spool)
    : settings_(std::move(settings)),
      records_(records),
      memory_(memory),
      facts_(facts),
      issuers_(issuers),
      clock_(clock),
      spool_(std::move(spool)) {}

Result<std::vector<Message>> Reader::process(const Message& event, const Call& call) {
  const std::string case_no = header_of(event, "case-no");
  if (case_no.empty()) {
    return Error::permanent("registration.event", "the event names no case (header case-no)");
  }
  const auto action = settings_.mapping.action(
      header_of(event, "event-type"), header_of(event, "registration-type"),
      header_of(event, "registration-sub-type"), header_of(event, "right-type"));
  if (!action) {
    return Error::permanent("registration.unmapped_event",
                            "the event table has no row for event " +
                                header_of(event, "event-type") + ", registration type " +
                                header_of(event, "registration-type") + ", right type " +
                                header_of(event, "right-type") + "; add it to the mapping file");
  }
  if (*action == EventAction::kNone) return std::vector<Message>{};
  // At 登簿 the certificates of the case have no final number yet: their rows are not looked at.
  const bool change = *action == EventAction::kChange;
  if (change || *action == EventAction::kLife) return read_life(event, case_no, change, call);
  auto answer = ask_for_case(records_, settings_.mapping, case_no, call);
  if (!answer) return answer.error();
  auto earlier = find_earlier_case(records_, settings_.mapping, event, answer.value().rows, call);
  if (!earlier) return earlier.error();
  const bool within_grace = clock_.now() - event.created < settings_.party_grace;
  auto arrived = check_parties_arrived(answer.value().rows, within_grace);
  if (!arrived) return arrived.error();
  return Reading(settings_, answer.value(), issuers_, memory_, facts_, spool_, event, call)
      .messages(*action, within_grace);
}

Result<std::vector<Message>> Reader::read_life(const Message& event, const std::string& case_no,
                                               bool change, const Call& call) {
  auto answer = ask_for_case(records_, settings_.mapping, case_no, call, "rights");
  if (!answer) return answer.error();
  auto earlier = find_earlier_case(records_, settings_.mapping, event, answer.value().rows, call);
  if (!earlier) return earlier.error();
  if (change) return booked_change_messages(settings_.mapping, answer.value(), issuers_, event);
  const auto rules = settings_.mapping.life_rules(
      header_of(event, "event-type"), header_of(event, "registration-type"),
      header_of(event, "registration-sub-type"), header_of(event, "right-type"));
  return life_messages(rules, answer.value(), issuers_, event);
}

}  // namespace certbridge::registration

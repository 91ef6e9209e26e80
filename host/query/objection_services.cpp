#include "query/objection_services.h"

#include <charconv>

#include "access/policy/same_holder.h"
#include "certbridge/identifiers.h"
#include "journal/stop_point.h"
#include "objections/objection_records.h"
#include "query/objection_body.h"
#include "query/own_access.h"

namespace certbridge::host {
namespace {

constexpr std::string_view kPath = "/api/v1/objections/";
constexpr std::string_view kWithdraw = "/withdraw";

Error unknown_objection() {
  return Error::permanent("objection.unknown", "you raised nothing that has this number");
}

// What is objected to, or complained of, before it is decided.
struct Wanted {
  AccessRequest request{};
  AccessFacts facts{};
  AccessRecord about{};  // its certificate's type, issuer, holder, number and identifier
  std::uint64_t refers_to = 0;
};

void state(AccessRequest& request, const char* name, const std::string& value) {
  if (!value.empty()) request.statements.push_back({name, value});
}

void state_all(QueryDesk::Parts& desk, const RaisedObjection& raised, AccessRequest& request) {
  const ObjectionDays& days = desk.given.policy.objection_days();
  const Timestamp due = due_after(
      request.when, request.kind == AccessKind::kComplaint ? days.complaints : days.objections);
  state(request, objection_words::kDue, std::to_string(due.time_since_epoch().count()));
  for (const std::string& field : raised.fields) state(request, objection_words::kField, field);
  state(request, objection_words::kUnit, raised.unit);
  state(request, objection_words::kText, raised.text);
}

// On the ground and with the facts of the access that showed it.
Result<Wanted> wanted_of_an_access(QueryDesk::Parts& desk, const RaisedObjection& raised,
                                   const Caller& caller) {
  auto seen = seen_certificate(desk, raised, caller);
  if (!seen) return seen.error();
  SeenCertificate& it = seen.value();
  Wanted wanted{std::move(it.inputs.request), std::move(it.inputs.facts), it.certificate,
                raised.record};
  AccessRequest& request = wanted.request;
  request.caller = caller;
  request.original_file = false;
  if (!request.holder) request.identifier = it.certificate.certificate;
  if (!request.holder && request.identifier.empty()) {
    request.number = it.certificate.certificate_number;
  }
  if (!it.certificate.certificate_type.empty()) request.types = {it.certificate.certificate_type};
  return wanted;
}

bool is_about(const AccessRecord& record, const QueriedHolder& holder) {
  return !record.holder.empty() && comparable_code(record.holder) == comparable_code(holder.code);
}

// What the window's own record of that day says of it; it has to be about the holder.
Result<AccessRecord> window_record(QueryDesk::Parts& desk, std::uint64_t number,
                                   const std::optional<QueriedHolder>& himself) {
  if (number == 0) return AccessRecord{};
  const auto read = desk.given.earlier.record(number);
  if (!read || !himself || !is_about(read.value().record, *himself) ||
      read.value().record.kind == AccessKind::kFlag) {
    return no_such_access();
  }
  return read.value().record;
}

// By a holder on a ground of his own: no access of his need have gone before.
Result<Wanted> wanted_of_a_holder(QueryDesk::Parts& desk, RaisedObjection& raised,
                                  const Caller& caller) {
  Wanted wanted;
  wanted.request = request_on(raised.ground, caller);
  auto record = window_record(desk, raised.record, wanted.request.holder);
  if (!record) return record.error();
  wanted.about = std::move(record).value();
  if (raised.unit.empty()) raised.unit = wanted.about.unit;
  if (!raised.type.empty()) {
    wanted.request.types = {raised.type};
    wanted.about.certificate_type = raised.type;
  }
  if (!raised.identifier.empty()) wanted.about.certificate = raised.identifier;
  if (!raised.number.empty()) {
    wanted.about.certificate_number = normalise_certificate_number(raised.number);
  }
  if (wanted.request.holder) wanted.about.holder = wanted.request.holder->code;
  wanted.refers_to = raised.record;
  return wanted;
}

AccessRecord raising_record(const ServiceDecision& decided, const Wanted& wanted) {
  AccessRecord record = record_of(decided);
  record.certificate_type = wanted.about.certificate_type;
  record.issuer = wanted.about.issuer;
  record.certificate_number = wanted.about.certificate_number;
  record.certificate = wanted.about.certificate;
  if (!wanted.about.holder.empty()) record.holder = wanted.about.holder;
  record.refers_to = wanted.refers_to;
  return record;
}

// Decides, records, answers.
void raise(QueryDesk::Parts& desk, AccessKind kind, const RaisedObjection& raised,
           const Wanted& wanted, Replier& replier) {
  AccessRequest request = wanted.request;
  request.kind = kind;
  request.when = desk.given.clock.now();
  state_all(desk, raised, request);
  const ServiceDecision decided = decide_service(desk, std::move(request), wanted.facts);
  const AccessRecord record = raising_record(decided, wanted);
  stop_point("query.before_record");
  if (!decided.decision.allowed) {
    const auto place = desk.given.recorder.append(record);
    if (!place) return replier.refuse(place.error());
    return replier.give(denied_response(decided.decision, place.value().number),
                        decided.decision.code);
  }
  const auto number = desk.given.objections.raise(record);
  stop_point("query.after_record");
  if (!number) return replier.refuse(number.error());
  const auto objection = desk.given.objections.find(number.value());
  if (!objection) return replier.refuse(objection.error());
  desk.given.logger.log(LogLevel::kInfo, "objection.raised",
                        {{"number", std::to_string(number.value())},
                         {"kind", to_text(objection.value().kind)},
                         {"issuer", objection.value().issuer}});
  replier.give(objection_response("raised", number.value(), {objection.value(), {}, {}}), "raised");
}

// The number in ".../objections/N" or ".../objections/N/withdraw"; 0 where there is none.
std::uint64_t number_in(std::string_view target, std::string_view behind) {
  target = target.substr(0, target.find('?'));
  if (!target.starts_with(kPath) || !target.ends_with(behind)) return 0;
  target.remove_prefix(kPath.size());
  if (target.size() <= behind.size()) return 0;
  target.remove_suffix(behind.size());
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(target.data(), target.data() + target.size(), number);
  return problem == std::errc() && end == target.data() + target.size() ? number : 0;
}

// What the caller raised, decided once more for him and now.
struct OwnObjection {
  Objection objection{};
  std::vector<StatedText> statements{};
  ServiceDecision decided{};
};
Result<OwnObjection> own_objection(QueryDesk::Parts& desk, std::uint64_t number,
                                   const Caller& caller) {
  auto objection = desk.given.objections.find(number);
  if (!objection) {
    return objection.error().code == "objection.unknown" ? unknown_objection() : objection.error();
  }
  const auto read = desk.given.earlier.record(number);
  if (!read) return read.error();
  auto inputs = parse_inputs(read.value().record.inputs);
  if (!inputs || !is_same_asker(inputs.value().request.caller, caller)) return unknown_objection();
  OwnObjection own{std::move(objection).value(), inputs.value().request.statements, {}};
  AccessRequest request = std::move(inputs.value().request);
  request.caller = caller;
  request.when = desk.given.clock.now();
  request.statements.clear();
  own.decided = decide_service(desk, std::move(request), std::move(inputs.value().facts));
  return own;
}

void refuse_own(QueryDesk::Parts& desk, const OwnObjection& own, Replier& replier) {
  AccessRecord record = record_of(own.decided);
  fill_step(record, own.objection, "refused");
  const auto place = desk.given.recorder.append(record);
  if (!place) return replier.refuse(place.error());
  replier.give(denied_response(own.decided.decision, place.value().number),
               own.decided.decision.code);
}

// What the reviewer answered, for whoever raised it.
std::vector<StatedText> outcome_of(const Objections::Written& written, const Objection& objection) {
  if (!objection.ended || written.steps.empty()) return {};
  return statements_of(written.steps.back());
}

}  // namespace

void raise_objection(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  const auto raised = read_objection(request.body);
  if (!raised) return replier.refuse(raised.error());
  const auto wanted = wanted_of_an_access(desk, raised.value(), caller.value());
  if (!wanted) return replier.refuse(wanted.error());
  raise(desk, AccessKind::kObjection, raised.value(), wanted.value(), replier);
}

void raise_complaint(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  auto raised = read_complaint(request.body);
  if (!raised) return replier.refuse(raised.error());
  const bool on_a_ground = !raised.value().ground.ground_kind.empty();
  const auto wanted = on_a_ground ? wanted_of_a_holder(desk, raised.value(), caller.value())
                                  : wanted_of_an_access(desk, raised.value(), caller.value());
  if (!wanted) return replier.refuse(wanted.error());
  raise(desk, AccessKind::kComplaint, raised.value(), wanted.value(), replier);
}

void show_objection(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  const auto own = own_objection(desk, number_in(request.target, ""), caller.value());
  if (!own) return replier.refuse(own.error());
  if (!own.value().decided.decision.allowed) return refuse_own(desk, own.value(), replier);
  const Objection& objection = own.value().objection;
  const auto written = desk.given.objections.records_of(objection);
  if (!written) return replier.refuse(written.error());
  const auto record =
      desk.given.objections.note_shown(objection.number, record_of(own.value().decided));
  if (!record) return replier.refuse(record.error());
  replier.give(objection_response(
                   "found", record.value(),
                   {objection, own.value().statements, outcome_of(written.value(), objection)}),
               "found");
}

void withdraw_objection(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  const auto reason = read_withdrawal(request.body);
  if (!reason) return replier.refuse(reason.error());
  auto own = own_objection(desk, number_in(request.target, kWithdraw), caller.value());
  if (!own) return replier.refuse(own.error());
  ServiceDecision& decided = own.value().decided;
  if (!decided.decision.allowed) return refuse_own(desk, own.value(), replier);
  state(decided.request, objection_words::kReason, reason.value());
  const auto objection = desk.given.objections.take_step(
      own.value().objection.number, ObjectionStep::kWithdraw, record_of(decided));
  if (!objection) return replier.refuse(objection.error());
  replier.give(objection_response("withdrawn", objection.value().records.back(),
                                  {objection.value(), {}, {}}),
               "withdrawn");
}

}  // namespace certbridge::host

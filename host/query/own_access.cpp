#include "query/own_access.h"

#include "access/policy/decided_record.h"
#include "access/policy/decision_codes.h"
#include "access/policy/same_holder.h"
#include "certbridge/identifiers.h"
#include "certbridge/text.h"
#include "journal/cipher.h"
#include "query/answer_body.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::days kLongestAfter{30};
constexpr std::size_t kMostOfOneAccess = 500;  // records of one certificate that are looked through

bool shows_a_certificate(const AccessRecord& record) {
  const bool seen = record.kind == AccessKind::kQuery || record.kind == AccessKind::kFile ||
                    record.kind == AccessKind::kVerification ||
                    record.kind == AccessKind::kComparison;
  return seen && record.decision == AccessDecision::kAllowed &&
         (record.result == "found" || record.result == "verified");
}

bool is_meant(const RaisedObjection& raised, const AccessRecord& record) {
  if (record.certificate.empty() && record.certificate_number.empty()) return false;
  if (!raised.identifier.empty() && raised.identifier != record.certificate) return false;
  if (!raised.type.empty() && raised.type != record.certificate_type) return false;
  return raised.number.empty() ||
         normalise_certificate_number(raised.number) == record.certificate_number;
}

// Of an access that was about several, the records beside the first are found by their certificate.
Result<AccessRecord> beside(QueryDesk::Parts& desk, const RaisedObjection& raised) {
  AccessQuestion question;
  question.terms.emplace_back(
      AccessTerm::kCertificate,
      raised.identifier.empty() ? normalise_certificate_number(raised.number) : raised.identifier);
  question.limit = kMostOfOneAccess;
  const auto found = desk.given.earlier.find(question);
  if (!found) return found.error();
  for (const ReadAccess& one : found.value().found) {
    if (one.record.refers_to == raised.record && shows_a_certificate(one.record) &&
        is_meant(raised, one.record)) {
      return one.record;
    }
  }
  return no_such_access();
}

}  // namespace

Error no_such_access() {
  return Error::permanent("query.no_such_record",
                          "no access of yours of the last 30 days has this record and showed this "
                          "certificate");
}

bool is_same_asker(const Caller& then, const Caller& now) {
  if (then.person && then.person->himself) {
    if (!now.person || !now.person->himself) return false;
    const QueriedHolder& himself = *then.person->himself;
    return is_same_holder({"", himself.code_type, himself.code}, *now.person->himself);
  }
  if (then.system != now.system || then.unit != now.unit) return false;
  if (then.person.has_value() != now.person.has_value()) return false;
  return !then.person ||
         (then.person->issuer == now.person->issuer && then.person->id == now.person->id);
}

Result<SeenCertificate> seen_certificate(QueryDesk::Parts& desk, const RaisedObjection& raised,
                                         const Caller& caller) {
  const auto access = desk.given.earlier.record(raised.record);
  if (!access) return no_such_access();
  const AccessRecord& record = access.value().record;
  auto inputs = parse_inputs(record.inputs);
  if (!inputs || !shows_a_certificate(record) || record.refers_to != 0 ||
      desk.given.clock.now() - access.value().written > kLongestAfter ||
      !is_same_asker(inputs.value().request.caller, caller)) {
    return no_such_access();
  }
  SeenCertificate seen{raised.record, record, std::move(inputs).value()};
  if (is_meant(raised, record)) return seen;
  if (raised.identifier.empty() && raised.number.empty()) return no_such_access();
  auto other = beside(desk, raised);
  if (!other) return other.error();
  seen.certificate = std::move(other).value();
  return seen;
}

ServiceDecision decide_service(QueryDesk::Parts& desk, AccessRequest request, AccessFacts facts) {
  ServiceDecision decided{std::move(request), std::move(facts), {}};
  const std::string limit = desk.given.patterns.refusal(decided.request);
  if (limit.empty()) {
    decided.decision = decide(desk.given.policy, decided.request, decided.facts);
    return decided;
  }
  decided.decision.code = limit;
  decided.decision.sentence = sentence_of(limit);
  decided.decision.policy = desk.given.policy.version();
  return decided;
}

AccessRecord record_of(const ServiceDecision& decided) {
  AccessRecord record = decided_record(decided.request, decided.facts, decided.decision);
  record.trace_id = to_hex_text(random_bytes(8));
  return record;
}

QueryResponse denied_response(const Decision& decision, std::uint64_t record) {
  QueryResponse response;
  response.status = 403;
  response.headers["X-CB-Record"] = std::to_string(record);
  AnswerFrame frame;
  frame.code = decision.code;
  frame.message = decision.sentence;
  frame.record = record;
  response.body = answer_text(frame, {});
  return response;
}

}  // namespace certbridge::host

#include "access/policy/operator_access.h"

#include "access/policy/decided_record.h"
#include "certbridge/identifiers.h"
#include "certbridge/text.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kTraceBytes = 8;

AccessRequest request_of(const OperatorWish& wish, Timestamp now) {
  AccessRequest request;
  request.kind = wish.kind;
  request.caller.system = kHostItself;
  request.caller.person =
      AssertedPerson{std::string(kOperateIssuer), wish.person, {}, {wish.role}, {}, {}};
  request.role = wish.role;
  request.ground_kind = wish.ground;
  request.ground = wish.reason;
  request.purpose = wish.purpose;
  if (!wish.holder.empty()) request.holder = QueriedHolder{{}, {}, wish.holder};
  request.number = wish.number;
  request.identifier = wish.identifier;
  if (!wish.type.empty()) request.types = {wish.type};
  request.when = now;
  return request;
}

AccessRecord record_of(const OperatorWish& wish, const AccessRequest& request,
                       const Decision& decision) {
  AccessRecord record = decided_record(request, {}, decision);
  record.trace_id = to_hex_text(random_bytes(kTraceBytes));
  record.certificate_type = wish.type;
  record.certificate_number = normalise_certificate_number(wish.number);
  record.certificate = wish.identifier;
  if (decision.allowed) record.disclosed_digest = wish.digest;
  if (decision.allowed) record.result = wish.about;
  record.refers_to = wish.refers_to;
  return record;
}

}  // namespace

OperatorDecision decide_operator(const AccessPolicy& policy, const OperatorWish& wish,
                                 Timestamp now) {
  const AccessRequest request = request_of(wish, now);
  Decision decision = decide(policy, request, {});
  AccessRecord record = record_of(wish, request, decision);
  return {std::move(decision), std::move(record)};
}

Result<std::uint64_t> RecordedOperatorAccess::admit(const OperatorWish& wish) {
  const OperatorDecision made = decide_operator(policy_, wish, clock_.now());
  const auto place = recorder_.append(made.record);
  if (!place) return place.error();
  if (made.decision.allowed) return place.value().number;
  return Error::permanent(made.decision.code, made.decision.sentence +
                                                  " The refusal is access record " +
                                                  std::to_string(place.value().number) + ".");
}

}  // namespace certbridge::host

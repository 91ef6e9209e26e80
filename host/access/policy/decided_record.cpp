#include "access/policy/decided_record.h"

namespace certbridge::host {

AccessRecord decided_record(const AccessRequest& request, const AccessFacts& facts,
                            const Decision& decision) {
  return decided_record_with(write_inputs(request, facts), request, decision);
}

AccessRecord decided_record_with(std::string inputs, const AccessRequest& request,
                                 const Decision& decision) {
  AccessRecord record;
  record.kind = request.kind;
  record.system = request.caller.system;
  record.unit = request.caller.unit;
  if (request.caller.person) {
    record.person = request.caller.person->id;
    record.level = request.caller.person->level;
  }
  record.role = request.role;
  record.ground_kind = request.ground_kind;
  record.ground = request.ground;
  record.purpose = request.purpose;
  if (request.holder) record.holder = request.holder->code;
  record.decision = decision.allowed ? AccessDecision::kAllowed : AccessDecision::kDenied;
  record.code = decision.code;
  record.policy = decision.policy;
  record.inputs = std::move(inputs);
  if (!decision.allowed) record.result = "refused";
  record.asked = record.decided = request.when;
  return record;
}

}  // namespace certbridge::host

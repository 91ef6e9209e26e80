// What a caller did before: the access that showed him a certificate, and decisions on its ground.
#pragma once

#include "access/policy/decision.h"
#include "query/desk_parts.h"

namespace certbridge::host {

// Whether both are the same holder, where the first asked as one; else the same person of the same
// system and unit, or the same system by itself.
bool is_same_asker(const Caller& then, const Caller& now);

struct SeenCertificate {
  std::uint64_t record = 0;    // of the access
  AccessRecord certificate{};  // of this certificate, where the access was about several
  DecisionInputs inputs{};     // of the access
};
// The access that `raised` names. "query.no_such_record" (permanent) unless it is the caller's own,
// was allowed, showed him a certificate, and is of the last 30 days: which of it is not so is
// nobody's business who did not make it.
Result<SeenCertificate> seen_certificate(QueryDesk::Parts& desk, const RaisedObjection& raised,
                                         const Caller& caller);
Error no_such_access();

// A request of a service and what was decided of it, limits first.
struct ServiceDecision {
  AccessRequest request{};
  AccessFacts facts{};
  Decision decision{};
};
ServiceDecision decide_service(QueryDesk::Parts& desk, AccessRequest request, AccessFacts facts);
// The members of a record that follow from it; `result` is "refused" where it was.
AccessRecord record_of(const ServiceDecision& decided);
// What is answered where it was denied, with the number of its record.
QueryResponse denied_response(const Decision& decision, std::uint64_t record);

}  // namespace certbridge::host

// The access record of a decision.
#pragma once

#include "access/policy/decision.h"
#include "access/records/access_record.h"

namespace certbridge::host {

// Who asked, what for, about whom, and what was decided from what. `result` is "refused" where it
// was denied; trace id, certificate and what came of it are the caller's to fill in.
AccessRecord decided_record(const AccessRequest& request, const AccessFacts& facts,
                            const Decision& decision);
// The same with Decision::inputs, for whoever has changed nothing of the request since.
AccessRecord decided_record_with(std::string inputs, const AccessRequest& request,
                                 const Decision& decision);

}  // namespace certbridge::host

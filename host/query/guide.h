// GET /api/v1/guide: what an applicant need not bring (article 14 of the measures).
#pragma once

#include "query/desk_parts.h"

namespace certbridge::host {

// For every caller that is known. It says nothing of any person, so that it leaves no access
// record. "query.no_guide" where the configuration names no items.
void answer_guide(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier);

}  // namespace certbridge::host

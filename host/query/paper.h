// The window took paper: recorded beside the query that found nothing.
#pragma once

#include "query/desk_parts.h"

namespace certbridge::host {

// On a thread of the desk. Allowed by the policy on the ground, and with the facts, of the query
// that found nothing. Only for a query of the same system and unit, of the last day, that
// found nothing: "query.no_such_record" (permanent) for any other, whatever the reason.
void accept_paper(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier);

}  // namespace certbridge::host

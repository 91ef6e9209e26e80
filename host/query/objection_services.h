// Objections and complaints over HTTP: raised, looked at and withdrawn by whoever raised them. What
// the issuing unit makes of them is an operation (operate/objections.cpp).
#pragma once

#include "query/desk_parts.h"

namespace certbridge::host {

// On a thread of the desk. A certificate is objected to by somebody whom an access of his own
// showed it, and on the ground of that access; the policy decides again. Codes besides those of
// the policy and of Objections: "query.no_such_record".
void raise_objection(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier);
// Likewise, or by a holder himself on a ground that proves him.
void raise_complaint(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier);
// /api/v1/objections/N and /api/v1/objections/N/withdraw, of objections and complaints. Others than
// who raised it are told "objection.unknown".
void show_objection(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier);
void withdraw_objection(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier);

}  // namespace certbridge::host

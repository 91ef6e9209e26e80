// A holder sees who used his certificates, when and for what (article 17 of the measures).
#pragma once

#include "query/desk_parts.h"

namespace certbridge::host {

// On a thread of the desk. Of each allowed access to certificates of the holder who asks: when, by
// which unit, for which purpose and on which kind of ground, and what left. Not the clerk and not
// the number of the case: they are somebody else's data, and the unit answers for its clerks. What
// grounds with shown-to-holder="no" were used for is left out.
void answer_own_uses(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier);

}  // namespace certbridge::host

// The archive package of a case, for a system that may have it.
#pragma once

#include "query/desk_parts.h"

namespace certbridge::host {

// On a thread of the desk. The policy has to allow the access `export` on a ground that is not
// proved by a case; recorded before anything leaves. "archive.none_kept" (permanent) where nothing
// of the case is kept, and "archive.not_configured" where nothing ever is.
void archive_case(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier);

}  // namespace certbridge::host

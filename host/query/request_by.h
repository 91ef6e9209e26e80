// What every request for access begins with: who asks, and the right that he names.
#pragma once

#include "access/policy/request.h"
#include "query/query.h"

namespace certbridge::host {

// Role, ground, authorisation and purpose as stated; a person with one role need not name it.
AccessRequest request_by(Caller caller, const Query& right);

}  // namespace certbridge::host

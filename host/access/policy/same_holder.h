// Whether two texts mean the same holder.
#pragma once

#include "access/records/holder_code.h"
#include "certbridge/query.h"

namespace certbridge::host {

// By code type and code, and by name where `wanted` has one; never by an empty code. A `found`
// without code type counts where the code tells by its check digits what it is: a citizen's number
// or a credit code.
bool is_same_holder(const QueriedHolder& wanted, const QueriedHolder& found);

}  // namespace certbridge::host

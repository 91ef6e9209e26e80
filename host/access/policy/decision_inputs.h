// The form in which the inputs of a decision are kept: for decide(), which gives nothing that could
// not be recomputed from them.
#pragma once

#include "access/policy/decision.h"

namespace certbridge::host {

inline constexpr std::size_t kMostInputBytes = 64UL * 1024;

// Whether write_inputs() holds all of them: they are not too long, each text is one that a
// record takes, and comes back as it
// is. False also for inputs that were written in place of such.
bool are_fit_inputs(const AccessRequest& request, const AccessFacts& facts);

}  // namespace certbridge::host

// The form in which the inputs of a decision are kept: for decide(), which gives nothing that could
// not be recomputed from them.
#pragma once

#include "access/policy/decision.h"

namespace certbridge::host {

inline constexpr std::size_t kMostInputBytes = 64UL * 1024;

// `xml`: as write_inputs() has them. `fit`: it holds all of them; they are not too long, and each
// text is one that a record takes, and comes back as it is. Not fit are also inputs that were
// written in place of such.
struct KeptInputs {
  std::string xml{};
  bool fit = false;
};
KeptInputs kept_inputs(const AccessRequest& request, const AccessFacts& facts);

// What can be said before there are facts, without reading anything back: no request of which it is
// false is fit.
bool could_be_kept(const AccessRequest& request);

}  // namespace certbridge::host

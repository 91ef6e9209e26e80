// Conditions of scope `certificate`: XPath 1.0 over the canonical certificate.
#pragma once

#include "routes/condition.h"

namespace certbridge::host {

// The prefix `c` is bound to urn:certbridge:certificate:1. Bounded by an operation limit.
Result<std::shared_ptr<const Condition>> parse_certificate_condition(const std::string& text);

}  // namespace certbridge::host

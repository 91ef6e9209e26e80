// A route's condition, parsed once and asked for every message.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "certbridge/message.h"
#include "config/model.h"

namespace certbridge::host {

// Immutable; any thread may ask.
class Condition {
 public:
  virtual ~Condition() = default;
  // `source` is the endpoint that handed the message over. A condition of scope certificate fails
  // with "condition.no_certificate" when the body is none, "condition.too_costly" past its limit.
  virtual Result<bool> holds(const Message& message, std::string_view source) const = 0;
};

// An empty text always holds. Errors ("condition.syntax") name the column in the text and what was
// expected there; grammar in docs/guides/routes.md.
Result<std::shared_ptr<const Condition>> parse_condition(const ConditionText& text);

}  // namespace certbridge::host

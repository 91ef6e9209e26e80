// The form of numbers of orders and documents, as staff write it: no regular expression, so that no
// pattern takes long and none says more than it seems to.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::host {

// `#` is one digit, `@` one digit or more, `%` one letter A to Z; every other character is itself.
// Blanks and the width of characters make no difference.
class NumberPattern {
 public:
  // "policy.value": nothing in it but the three signs or more than 64 characters, or `@` before a
  // `#` or another `@`, where nobody could say which digit is whose.
  static Result<NumberPattern> parse(std::string_view pattern);
  bool fits(std::string_view number) const;

 private:
  explicit NumberPattern(std::u32string signs) : signs_(std::move(signs)) {}
  std::u32string signs_;
};

}  // namespace certbridge::host

// The codes of decisions and what the person who asked is told: docs/access-policy.md lists the
// same ones.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace certbridge::host {

struct DecisionCode {
  std::string_view code{};
  std::string_view sentence{};
};

// Of decide(), in the order in which conditions are looked at; "allowed" is the last.
std::span<const DecisionCode> decision_codes();
// Of AccessPatterns: with these a request is denied before decide().
std::span<const DecisionCode> limit_codes();
// Empty for a code of neither.
std::string sentence_of(std::string_view code);

inline constexpr std::string_view kAllowedCode = "allowed";
// Nothing that a record could keep: decide() gives it for such a request, and again for the inputs
// that are written in its place.
inline constexpr std::string_view kUnfitInputs = "inputs.unfit";

}  // namespace certbridge::host

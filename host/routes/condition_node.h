// The tree of an envelope condition. Private to this folder.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

// What a name in a condition stands for.
struct EnvelopeField {
  enum class Kind : std::uint8_t {
    kType = 1,
    kArea,
    kMediaType,
    kSource,
    kHeader
  } kind = Kind::kType;
  std::string header{};
};

struct ConditionNode {
  enum class Kind : std::uint8_t { kAnd = 1, kOr, kNot, kIn } kind = Kind::kIn;
  std::vector<ConditionNode> operands{};  // and, or: two or more; not: one
  EnvelopeField field{};                  // in
  std::vector<std::string> values{};      // in; `=` is one value
};

Result<ConditionNode> parse_envelope_condition(std::string_view text);
bool evaluate(const ConditionNode& node, const Message& message, std::string_view source);

}  // namespace certbridge::host

#include "routes/condition.h"

#include <algorithm>

#include "routes/certificate_condition.h"
#include "routes/condition_node.h"

namespace certbridge::host {
namespace {

std::string_view field_value(const EnvelopeField& field, const Message& message,
                             std::string_view source) {
  switch (field.kind) {
    case EnvelopeField::Kind::kType:
      return message.type;
    case EnvelopeField::Kind::kArea:
      return message.area;
    case EnvelopeField::Kind::kMediaType:
      return message.media_type;
    case EnvelopeField::Kind::kSource:
      return source;
    case EnvelopeField::Kind::kHeader:
      break;
  }
  const auto found = message.headers.find(field.header);
  return found == message.headers.end() ? std::string_view() : std::string_view(found->second);
}

class Always final : public Condition {
 public:
  Result<bool> holds(const Message&, std::string_view) const override { return true; }
};

class EnvelopeCondition final : public Condition {
 public:
  explicit EnvelopeCondition(ConditionNode node) : node_(std::move(node)) {}
  Result<bool> holds(const Message& message, std::string_view source) const override {
    return evaluate(node_, message, source);
  }

 private:
  ConditionNode node_;
};

}  // namespace

bool evaluate(const ConditionNode& node, const Message& message, std::string_view source) {
  const auto holds = [&](const ConditionNode& operand) {
    return evaluate(operand, message, source);
  };
  switch (node.kind) {
    case ConditionNode::Kind::kAnd:
      return std::all_of(node.operands.begin(), node.operands.end(), holds);
    case ConditionNode::Kind::kOr:
      return std::any_of(node.operands.begin(), node.operands.end(), holds);
    case ConditionNode::Kind::kNot:
      return !holds(node.operands.front());
    case ConditionNode::Kind::kIn:
      break;
  }
  const std::string_view value = field_value(node.field, message, source);
  return std::find(node.values.begin(), node.values.end(), value) != node.values.end();
}

Result<std::shared_ptr<const Condition>> parse_condition(const ConditionText& text) {
  using Parsed = std::shared_ptr<const Condition>;
  if (text.text.empty()) return Parsed(std::make_shared<Always>());
  if (text.scope == ConditionScope::kCertificate) return parse_certificate_condition(text.text);
  auto node = parse_envelope_condition(text.text);
  if (!node) return node.error();
  return Parsed(std::make_shared<EnvelopeCondition>(std::move(node).value()));
}

}  // namespace certbridge::host

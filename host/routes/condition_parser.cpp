#include <array>

#include "routes/condition_node.h"

namespace certbridge::host {
namespace {

constexpr int kDeepestNesting = 32;
constexpr std::size_t kLongestText = 4096;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

// Recursive descent over: or := and {"or" and}; and := not {"and" not}; not := ["not"] primary.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<ConditionNode> parse() {
    auto node = parse_or(0);
    if (!node) return node;
    skip_blanks();
    if (at_ != text_.size()) return refuse("`and`, `or` or the end");
    return node;
  }

 private:
  Error refuse(const std::string& expected) const {
    return Error::permanent("condition.syntax", "condition, character " + std::to_string(at_ + 1) +
                                                    ": expected " + expected);
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t'))
      ++at_;
  }
  bool take(std::string_view symbol) {
    skip_blanks();
    if (text_.substr(at_, symbol.size()) != symbol) return false;
    at_ += symbol.size();
    return true;
  }
  bool take_word(std::string_view word) {
    skip_blanks();
    const std::size_t end = at_ + word.size();
    if (text_.substr(at_, word.size()) != word) return false;
    if (end < text_.size() && is_name_character(text_[end])) return false;
    at_ = end;
    return true;
  }

  Result<ConditionNode> parse_or(int depth) {
    return parse_chain(depth, "or", ConditionNode::Kind::kOr);
  }
  Result<ConditionNode> parse_operand(int depth, ConditionNode::Kind chain) {
    if (chain == ConditionNode::Kind::kOr) {
      return parse_chain(depth, "and", ConditionNode::Kind::kAnd);
    }
    return parse_not(depth);
  }
  Result<ConditionNode> parse_chain(int depth, std::string_view word, ConditionNode::Kind kind) {
    auto first = parse_operand(depth, kind);
    if (!first) return first;
    ConditionNode chain;
    chain.kind = kind;
    chain.operands.push_back(std::move(first).value());
    while (take_word(word)) {
      auto next = parse_operand(depth, kind);
      if (!next) return next;
      chain.operands.push_back(std::move(next).value());
    }
    if (chain.operands.size() == 1) return std::move(chain.operands.front());
    return chain;
  }
  Result<ConditionNode> parse_not(int depth) {
    if (depth > kDeepestNesting) return refuse("less nesting");
    if (!take_word("not")) return parse_primary(depth);
    auto operand = parse_not(depth + 1);
    if (!operand) return operand;
    ConditionNode node;
    node.kind = ConditionNode::Kind::kNot;
    node.operands.push_back(std::move(operand).value());
    return node;
  }
  Result<ConditionNode> parse_primary(int depth) {
    if (take("(")) {
      auto inner = parse_or(depth + 1);
      if (!inner) return inner;
      if (!take(")")) return refuse("`)`");
      return inner;
    }
    return parse_comparison();
  }

  Result<ConditionNode> parse_comparison() {
    ConditionNode node;
    auto field = parse_field();
    if (!field) return field.error();
    node.field = std::move(field).value();
    const bool unequal = take("!=");
    const bool equal = !unequal && take("=");
    const bool in = !unequal && !equal && take_word("in");
    if (!unequal && !equal && !in) return refuse("`=`, `!=` or `in`");
    auto values = in ? parse_list() : parse_one();
    if (!values) return values.error();
    node.values = std::move(values).value();
    if (!unequal) return node;
    ConditionNode negated;
    negated.kind = ConditionNode::Kind::kNot;
    negated.operands.push_back(std::move(node));
    return negated;
  }
  Result<EnvelopeField> parse_field() {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    const std::string name(text_.substr(start, at_ - start));
    using Kind = EnvelopeField::Kind;
    if (name == "type") return EnvelopeField{Kind::kType, {}};
    if (name == "area") return EnvelopeField{Kind::kArea, {}};
    if (name == "media-type") return EnvelopeField{Kind::kMediaType, {}};
    if (name == "source") return EnvelopeField{Kind::kSource, {}};
    if (name.size() > 7 && name.starts_with("header.")) {
      return EnvelopeField{Kind::kHeader, name.substr(7)};
    }
    at_ = start;
    return refuse("type, area, media-type, source or header.<name>");
  }
  Result<std::vector<std::string>> parse_one() {
    auto value = parse_text();
    if (!value) return value.error();
    return std::vector<std::string>{std::move(value).value()};
  }
  Result<std::vector<std::string>> parse_list() {
    if (!take("(")) return refuse("`(`");
    std::vector<std::string> values;
    do {
      auto value = parse_text();
      if (!value) return value.error();
      values.push_back(std::move(value).value());
    } while (take(","));
    if (!take(")")) return refuse("`,` or `)`");
    return values;
  }
  Result<std::string> parse_text() {
    if (!take("'")) return refuse("a text in single quotes");
    std::string value;
    while (at_ < text_.size()) {
      if (text_[at_] != '\'') {
        value.push_back(text_[at_++]);
      } else if (text_.substr(at_, 2) == "''") {
        value.push_back('\'');
        at_ += 2;
      } else {
        ++at_;
        return value;
      }
    }
    return refuse("the closing quote");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<ConditionNode> parse_envelope_condition(std::string_view text) {
  if (text.size() > kLongestText) {
    return Error::permanent("condition.syntax", "condition is longer than 4096 characters");
  }
  return Parser(text).parse();
}

}  // namespace certbridge::host

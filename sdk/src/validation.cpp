#include "certbridge/validation.h"

#include <optional>

#include "certbridge/text.h"
#include "certbridge/xml.h"
#include "validation_checks.h"

namespace certbridge {
namespace {

constexpr std::string_view kRulesNameSpace = "urn:certbridge:validation:1";

std::optional<RuleEffect> effect_named(std::string_view word) {
  if (word == "refuse") return RuleEffect::kRefuse;
  if (word == "warn") return RuleEffect::kWarn;
  if (word == "accept") return RuleEffect::kAccept;
  return std::nullopt;
}

Error wrong(const char* code, std::string_view file, const XmlElement& at,
            const std::string& reason) {
  return Error::permanent(code, std::string(file) + ":" + std::to_string(at.line) + ":" +
                                    std::to_string(at.column) + ": " + shortened(reason));
}

Result<void> check_shape(const XmlElement& rule, std::string_view file) {
  if (rule.name != "rule" || rule.name_space != kRulesNameSpace || !rule.children.empty()) {
    return wrong("validation.shape", file, rule,
                 "rules hold only <rule id=\"...\" effect=\"...\">");
  }
  for (const XmlAttribute& attribute : rule.attributes) {
    if (attribute.name != "id" && attribute.name != "effect") {
      return wrong("validation.shape", file, rule, "unknown attribute \"" + attribute.name + "\"");
    }
  }
  return {};
}

Result<RuleEffect> read_rule(const XmlElement& rule, std::string_view file) {
  if (auto shape = check_shape(rule, file); !shape) return shape.error();
  const std::string id = rule.attribute_or_empty("id");
  if (!known_rules().contains(id)) {
    return wrong("validation.unknown_rule", file, rule, "there is no rule \"" + id + "\"");
  }
  const auto effect = effect_named(rule.attribute_or_empty("effect"));
  if (!effect) {
    return wrong("validation.effect", file, rule,
                 "the effect of rule \"" + id + "\" is none of refuse, warn, accept");
  }
  return *effect;
}

}  // namespace

Result<ValidationRules> ValidationRules::parse(std::string_view xml, std::string_view file) {
  auto root = parse_xml(xml, file, XmlLimits{});
  if (!root) return root.error();
  if (root.value().name != "rules" || root.value().name_space != kRulesNameSpace) {
    return wrong("validation.shape", file, root.value(),
                 "the root element must be rules of " + std::string(kRulesNameSpace));
  }
  ValidationRules rules;
  for (const XmlElement& child : root.value().children) {
    auto effect = read_rule(child, file);
    if (!effect) return effect.error();
    const std::string id = child.attribute_or_empty("id");
    if (!rules.effects_.emplace(id, effect.value()).second) {
      return wrong("validation.duplicate_rule", file, child, "rule \"" + id + "\" stands twice");
    }
  }
  for (const auto& [id, sentence] : known_rules()) {
    if (rules.effects_.contains(id)) continue;
    return wrong("validation.missing_rule", file, root.value(),
                 "rule \"" + id + "\" is missing (" + sentence +
                     "); to switch it off write effect=\"accept\"");
  }
  return rules;
}

RuleEffect ValidationRules::effect_of(std::string_view rule) const {
  const auto found = effects_.find(rule);
  return found == effects_.end() ? RuleEffect::kRefuse : found->second;
}

void FindingList::add(const char* rule, std::string field, std::string message) {
  const RuleEffect effect = rules_.effect_of(rule);
  if (effect == RuleEffect::kAccept) return;
  findings_.push_back({rule, effect, std::move(field), std::move(message)});
}

std::vector<Finding> validate(const Certificate& certificate, const ValidationRules& rules,
                              const IssuerDirectory& issuers, std::chrono::year_month_day today) {
  const ValidationSubject subject{certificate, issuers, today};
  FindingList findings(rules);
  for (const auto check : {&check_number, &check_issuer, &check_dates, &check_parties,
                           &check_shares, &check_units, &check_status, &check_face, &check_texts}) {
    check(subject, findings);
  }
  return findings.take();
}

}  // namespace certbridge

// What a mapping answers: actions of events, rules, sentences.
#include "mapping.h"

namespace certbridge::registration {
namespace {

bool matches(const std::string& pattern, const std::string& value) {
  return pattern == "*" || pattern == value;
}

}  // namespace

const SetMapping* Mapping::set(std::string_view set_name) const {
  for (const SetMapping& candidate : sets) {
    if (candidate.name == set_name) return &candidate;
  }
  return nullptr;
}

std::optional<EventAction> Mapping::action(const std::string& event,
                                           const std::string& registration_type,
                                           const std::string& sub_type,
                                           const std::string& right_type) const {
  for (const EventRule& rule : events) {
    if (matches(rule.event, event) && matches(rule.registration_type, registration_type) &&
        matches(rule.sub_type, sub_type) && matches(rule.right_type, right_type)) {
      return rule.action;
    }
  }
  return std::nullopt;
}

std::vector<LifeRule> Mapping::life_rules(const std::string& event,
                                          const std::string& registration_type,
                                          const std::string& sub_type,
                                          const std::string& right_type) const {
  std::vector<LifeRule> found;
  for (const EventRule& rule : events) {
    if (!matches(rule.event, event) || !matches(rule.registration_type, registration_type) ||
        !matches(rule.sub_type, sub_type) || !matches(rule.right_type, right_type)) {
      continue;
    }
    // What counts is the first rule that matches, and those behind it for the other kind.
    if (rule.action != EventAction::kLife) break;
    found.push_back(rule.life);
    if (rule.life.on == LifeRule::On::kBoth) break;
  }
  return found;
}

std::string to_text(ChangeRule::Earlier earlier) {
  if (earlier == ChangeRule::Earlier::kStay) return "stay";
  return earlier == ChangeRule::Earlier::kAtBooking ? "at-booking" : "after-collection";
}

ChangeRule Mapping::change(const std::string& registration_type, const std::string& sub_type,
                           const std::string& right_type, bool proof) const {
  for (const ChangeRule& rule : changes) {
    const bool kind = rule.on == LifeRule::On::kBoth || (rule.on == LifeRule::On::kProof) == proof;
    if (kind && matches(rule.registration_type, registration_type) &&
        matches(rule.sub_type, sub_type) && matches(rule.right_type, right_type)) {
      return rule;
    }
  }
  return {};
}

std::string Mapping::sentence(const std::string& code, const std::string& field) const {
  std::string best;
  std::size_t length = 0;
  for (const auto& [prefix, text] : sentences) {
    const bool any = prefix == "*" && length == 0 && best.empty();
    if (any || (code.starts_with(prefix) && prefix.size() > length)) {
      best = text;
      length = prefix == "*" ? 0 : prefix.size();
    }
  }
  static constexpr std::string_view kField = "{field}";
  for (auto at = best.find(kField); at != std::string::npos; at = best.find(kField, at))
    best.replace(at, kField.size(), field);
  return best;
}

}  // namespace certbridge::registration

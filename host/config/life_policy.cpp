#include "config/life_policy.h"

#include <sstream>

#include "config/document.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

std::set<RestrictionKind> kinds_in(const std::string& text) {
  std::istringstream words(text);
  std::set<RestrictionKind> kinds;
  for (std::string word; words >> word;) {
    if (const auto kind = restriction_kind_of(word)) kinds.insert(*kind);
  }
  return kinds;
}

AtEndOfTerm at_end_in(const std::string& word) {
  if (word == "nothing") return AtEndOfTerm::kNothing;
  return word == "expire" ? AtEndOfTerm::kExpire : AtEndOfTerm::kWarn;
}

std::chrono::days days_in(const XmlElement& at, const char* name, std::chrono::days otherwise) {
  const std::string text = at.attribute_or_empty(name);
  return text.empty() ? otherwise : std::chrono::days(std::stoi(text));
}

// A line behind one that fits everything would never count.
void read_terms(const XmlElement& at, const std::string& file, LifePolicy& policy,
                ConfigurationErrors& errors) {
  policy.warn_of_term = days_in(at, "warn", policy.warn_of_term);
  policy.clock_leap = days_in(at, "leap", policy.clock_leap);
  bool everything = false;
  for (const XmlElement* line : at.children_named("term")) {
    if (everything) {
      errors.push_back(error_at(place_of(file, *line), "term",
                                "the line before it fits every certificate, so this one never "
                                "counts",
                                "put lines without `type` and `use` last"));
    }
    TermRule rule{line->attribute_or_empty("type"), line->attribute_or_empty("use"),
                  at_end_in(line->attribute_or_empty("at-end"))};
    everything = everything || (rule.type.empty() && rule.use.empty());
    policy.terms.push_back(std::move(rule));
  }
}

void read_limits(const XmlElement& root, LifePolicy& policy) {
  for (const XmlElement* changes : root.children_named("changes")) {
    const auto limit = parse_duration_ms(changes->attribute_or_empty("limit"));
    if (limit) policy.half_done_limit = std::chrono::milliseconds(*limit);
  }
}

}  // namespace

std::string to_text(AtEndOfTerm action) {
  if (action == AtEndOfTerm::kNothing) return "nothing";
  return action == AtEndOfTerm::kExpire ? "expire" : "warn";
}

AtEndOfTerm LifePolicy::at_end_of_term(const LifeRecord& life) const {
  for (const TermRule& rule : terms) {
    const bool type = rule.type.empty() || rule.type == life.type_code;
    const bool use = rule.use.empty() || life.use.find(rule.use) != std::string::npos;
    if (type && use) return rule.at_end;
  }
  return AtEndOfTerm::kWarn;
}

LifePolicy read_life_policy(const XmlElement& root, const std::string& file,
                            ConfigurationErrors& errors) {
  LifePolicy policy;
  policy.given = true;
  bool everywhere = false;
  for (const XmlElement* element : root.children_named("suspends")) {
    const std::string area = element->attribute_or_empty("area");
    auto kinds = kinds_in(element->attribute_or_empty("kinds"));
    const bool twice = area.empty() ? everywhere : !policy.suspends_in.emplace(area, kinds).second;
    if (twice) {
      errors.push_back(error_at(place_of(file, *element), "suspends",
                                area.empty() ? "there are two lines for everywhere"
                                             : "the area `" + area + "` has two lines"));
    }
    if (!area.empty()) continue;
    everywhere = true;
    policy.suspends = std::move(kinds);
  }
  if (!everywhere) {
    errors.push_back(error_at(place_of(file, root), "life",
                              "no line says what suspends where no area differs",
                              "add a <suspends kinds=\"...\"/> without `area`"));
  }
  for (const XmlElement* terms : root.children_named("terms")) {
    read_terms(*terms, file, policy, errors);
  }
  read_limits(root, policy);
  return policy;
}

}  // namespace certbridge::host

#include <set>

#include "certbridge/validation.h"
#include "config/checks.h"
#include "config/document.h"

namespace certbridge::host {
namespace {

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const auto& [name, sentence] : known_rules()) names.push_back(name);
  return names;
}

ConfigurationError missing(const Place& place, const std::string& id, const std::string& sentence) {
  return error_at(place, "rules", "the rule `" + id + "` is missing (" + sentence + ")",
                  "to switch it off write <rule id=\"" + id + "\" effect=\"accept\"/>");
}

void check_rule(const XmlElement& rule, const std::string& file, std::set<std::string>& seen,
                ConfigurationErrors& errors) {
  const std::string id = rule.attribute_or_empty("id");
  if (!known_rules().contains(id)) {
    errors.push_back(error_at(place_of(file, rule), "rule", "there is no rule `" + id + "`",
                              did_you_mean(id, rule_names())));
  } else if (!seen.insert(id).second) {
    errors.push_back(error_at(place_of(file, rule), "rule", "the rule `" + id + "` stands twice"));
  }
}

}  // namespace

void check_rules_table(std::string_view bytes, const std::string& file,
                       ConfigurationErrors& errors) {
  const std::size_t before = errors.size();
  const auto root = check_document(bytes, file, SchemaName::kValidation, errors);
  if (!root) return;
  std::set<std::string> seen;
  for (const XmlElement& rule : root->children) check_rule(rule, file, seen, errors);
  if (errors.size() > before) return;
  for (const auto& [id, sentence] : known_rules()) {
    if (!seen.contains(id)) errors.push_back(missing(place_of(file, *root), id, sentence));
  }
}

}  // namespace certbridge::host

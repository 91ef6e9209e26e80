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

}  // namespace

void check_rules_table(std::string_view bytes, const std::string& file,
                       ConfigurationErrors& errors) {
  const std::size_t before = errors.size();
  const auto root = check_document(bytes, file, SchemaName::kValidation, errors);
  if (!root) return;
  for (const XmlElement& rule : root->children) {
    const std::string id = rule.attribute_or_empty("id");
    if (known_rules().contains(id)) continue;
    errors.push_back(error_at(place_of(file, rule), "rule", "there is no rule `" + id + "`",
                              did_you_mean(id, rule_names())));
  }
  if (errors.size() > before) return;
  const auto rules = ValidationRules::parse(bytes, file);
  if (!rules) errors.push_back(error_from_text(file, rules.error().message));
}

}  // namespace certbridge::host

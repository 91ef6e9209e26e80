#include "config/life_policy.h"

#include <sstream>

#include "config/document.h"

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

}  // namespace

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
  return policy;
}

}  // namespace certbridge::host

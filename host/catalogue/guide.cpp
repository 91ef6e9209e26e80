#include "catalogue/guide.h"

#include <algorithm>

#include <boost/json.hpp>

namespace certbridge::host {
namespace {

using Bring = GuideMaterial::Bring;

std::set<std::string> endpoints_for(const std::string& type, const GuideSources& sources) {
  std::set<std::string> endpoints = sources.for_every_type;
  const auto found = sources.by_type.find(type);
  if (found != sources.by_type.end()) {
    endpoints.insert(found->second.begin(), found->second.end());
  }
  return endpoints;
}

Bring bring_of(const ItemMaterial& material, const UsedType* type, const GuideSources& sources) {
  if (!material.electronic || type == nullptr) return Bring::kPaper;
  const auto endpoints = endpoints_for(type->code, sources);
  if (endpoints.empty()) return Bring::kPaper;
  const bool up = std::any_of(endpoints.begin(), endpoints.end(),
                              [&](const std::string& one) { return !sources.down.contains(one); });
  return up ? Bring::kNotNeeded : Bring::kNotNow;
}

GuideItem guide_item(const ServiceItem& item, const UsedTypes& types, const GuideSources& sources) {
  GuideItem made{item.code, item.name, {}};
  for (const ItemMaterial& material : item.materials) {
    const UsedType* type = types.by_code(material.type_code);
    const Bring bring = bring_of(material, type, sources);
    made.materials.push_back({material.name, material.type_code, bring,
                              bring == Bring::kNotNeeded ? type->guide : std::string()});
  }
  return made;
}

boost::json::object json_of(const GuideMaterial& material) {
  boost::json::object value{{"name", material.name}};
  if (!material.type_code.empty()) value["type"] = material.type_code;
  value["bring"] = to_word(material.bring);
  if (!material.sentence.empty()) value["sentence"] = material.sentence;
  return value;
}

boost::json::object json_of(const GuideItem& item) {
  boost::json::array materials;
  for (const GuideMaterial& material : item.materials) materials.push_back(json_of(material));
  return {{"code", item.code}, {"name", item.name}, {"materials", std::move(materials)}};
}

}  // namespace

std::string to_word(GuideMaterial::Bring bring) {
  if (bring == Bring::kNotNeeded) return "not-needed";
  return bring == Bring::kNotNow ? "not-now" : "paper";
}

Guide make_guide(const ItemDirectory& items, const UsedTypes& types, const GuideSources& sources) {
  Guide guide;
  std::set<std::string> not_now;
  for (const ServiceItem& item : items.all()) {
    guide.items.push_back(guide_item(item, types, sources));
    for (const GuideMaterial& material : guide.items.back().materials) {
      if (material.bring == Bring::kNotNow) not_now.insert(material.type_code);
    }
  }
  guide.not_now.assign(not_now.begin(), not_now.end());
  return guide;
}

std::string guide_json(const Guide& guide) {
  boost::json::array items;
  for (const GuideItem& item : guide.items) items.push_back(json_of(item));
  const boost::json::array not_now(guide.not_now.begin(), guide.not_now.end());
  return boost::json::serialize(
      boost::json::object{{"items", std::move(items)}, {"notNow", not_now}});
}

}  // namespace certbridge::host

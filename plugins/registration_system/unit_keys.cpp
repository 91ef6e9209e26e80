#include "unit_keys.h"

#include <algorithm>

namespace certbridge::registration {
namespace {

constexpr const char* kUnit = "unit";

}  // namespace

void add_unit(Message& message, const std::string& unit) {
  auto& keys = message.order_keys;
  const OrderKey key{kUnit, unit};
  if (unit.empty() || std::find(keys.begin(), keys.end(), key) != keys.end()) return;
  keys.push_back(key);
}

void narrow_units(Message& message, const std::vector<std::string>& units) {
  if (std::all_of(units.begin(), units.end(), [](const auto& unit) { return unit.empty(); })) {
    return;
  }
  std::erase_if(message.order_keys, [](const OrderKey& key) { return key.kind == kUnit; });
  for (const std::string& unit : units) add_unit(message, unit);
}

}  // namespace certbridge::registration

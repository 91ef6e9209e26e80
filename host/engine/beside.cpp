#include "engine/beside.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr const char* kForRoute = "for-route";

bool names(const RouteEntry& entry, const std::string& source) {
  return std::find(entry.from.begin(), entry.from.end(), source) != entry.from.end();
}

bool goes_one_way(const Message& message) {
  return message.classified || message.headers.contains("intake-error-code");
}

Message made_for(const std::string& route, const Message& message) {
  Message made = message;
  made.source_key += "|" + route;
  made.headers[kForRoute] = route;
  for (OrderKey& key : made.order_keys) key.kind = key_kind_beside(route, key.kind);
  return made;
}

}  // namespace

RouteEntry entry_of(const CompiledRoute& route) {
  return {route.config->name, route.config->from, route.config->beside};
}

std::string key_kind_beside(const std::string& route, const std::string& kind) {
  return route + "-" + kind;
}

bool stands_beside(const Message& message) { return message.headers.contains(kForRoute); }

bool may_take(const RouteEntry& entry, const Message& message, const std::string& source) {
  if (!names(entry, source)) return false;
  const auto made_for_route = message.headers.find(kForRoute);
  if (made_for_route == message.headers.end()) return !entry.beside;
  return entry.beside && made_for_route->second == entry.route;
}

BesideRoutes::BesideRoutes(const std::vector<CompiledRoute>& routes) {
  for (const CompiledRoute& route : routes) {
    if (route.config->beside) ways_.push_back({entry_of(route), route.when});
  }
}

void BesideRoutes::add_to(std::vector<Message>& messages, const std::string& source) const {
  const std::size_t handed_over = messages.size();
  for (const Way& way : ways_) {
    if (!names(way.entry, source)) continue;
    for (std::size_t i = 0; i < handed_over; ++i) {
      if (goes_one_way(messages[i])) continue;
      const auto takes = way.when->holds(messages[i], source);
      if (takes && takes.value()) messages.push_back(made_for(way.entry.route, messages[i]));
    }
  }
}

}  // namespace certbridge::host

#include "engine/lane_chooser.h"

#include "engine/beside.h"

namespace certbridge::host {
namespace {

struct Way {
  RouteEntry entry{};
  std::shared_ptr<const Condition> when{};
  Lane lane = Lane::kLive;
};

}  // namespace

std::function<Lane(const std::string& source, const Message& message)> lane_chooser(
    const std::vector<CompiledRoute>& routes) {
  std::vector<Way> ways;
  for (const CompiledRoute& route : routes) {
    ways.push_back(
        {entry_of(route), route.when, lane_named(route.config->lane).value_or(Lane::kLive)});
  }
  return [ways = std::move(ways)](const std::string& source, const Message& message) {
    for (const Way& way : ways) {
      if (!may_take(way.entry, message, source)) continue;
      // A condition that cannot be decided parks the message later, whatever its lane.
      const auto takes = way.when->holds(message, source);
      if (takes && takes.value()) return way.lane;
    }
    return Lane::kLive;
  };
}

}  // namespace certbridge::host

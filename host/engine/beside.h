// Routes that take a message beside the route that takes it otherwise: each gets a message of its
// own, accepted in the same commit, which lives and is kept in order for itself.
#pragma once

#include <string>
#include <vector>

#include "engine/compiled_route.h"

namespace certbridge::host {

// Which messages a route may be asked about at all.
struct RouteEntry {
  std::string route{};
  std::vector<std::string> from{};
  bool beside = false;
};
RouteEntry entry_of(const CompiledRoute& route);
// A message made for a route that stands beside others is for that route alone; any other is for
// none of these. The route's condition is asked besides.
bool may_take(const RouteEntry& entry, const Message& message, const std::string& source);
// The kind of an order key of what was made for a route beside others ("booked-unit").
std::string key_kind_beside(const std::string& route, const std::string& kind);
// Whether it was made for a route beside others.
bool stands_beside(const Message& message);

// Any thread may add; copies what it needs of the routes.
class BesideRoutes {
 public:
  BesideRoutes() = default;
  explicit BesideRoutes(const std::vector<CompiledRoute>& routes);

  // Appends a message for each route that is to take one of these beside another. It has the same
  // content; its source key and the kinds of its order keys ("booked-unit") name the route, so
  // that neither way waits for the other. What its source could not read, or is classified, goes
  // no second way.
  void add_to(std::vector<Message>& messages, const std::string& source) const;

 private:
  struct Way {
    RouteEntry entry{};
    std::shared_ptr<const Condition> when{};
  };
  std::vector<Way> ways_{};
};

}  // namespace certbridge::host

#include "query/guide.h"

#include "catalogue/guide.h"
#include "query/query.h"

namespace certbridge::host {
namespace {

// The route that looks certificates up is the one that a window asks.
GuideSources guide_sources(const QueryDesk::Parts& desk) {
  GuideSources sources;
  const QueryRouteConfig* route = desk.route_for(QueryKind::kFind);
  if (route == nullptr) return sources;
  for (const QueryStep& step : route->steps) {
    for (const QuerySource& source : step.sources) {
      if (source.types.empty()) sources.for_every_type.insert(source.endpoint);
      for (const std::string& type : source.types) sources.by_type[type].insert(source.endpoint);
    }
  }
  sources.down = desk.calls.failing(std::chrono::steady_clock::now());
  if (desk.given.down) sources.down.merge(desk.given.down());
  return sources;
}

}  // namespace

void answer_guide(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  if (desk.given.items.all().empty()) {
    return replier.refuse(Error::permanent(
        "query.no_guide", "this host has no guide: the configuration names no items"));
  }
  QueryResponse response;
  response.status = 200;
  response.body =
      guide_json(make_guide(desk.given.items, desk.given.used_types, guide_sources(desk)));
  replier.give(std::move(response), "guide");
}

}  // namespace certbridge::host

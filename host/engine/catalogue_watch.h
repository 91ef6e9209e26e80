// Keeps the catalogue of certificate types current while the host runs: reads changed files, tells
// counterparts of changes, and lets the lanes of types go on.
#pragma once

#include <thread>

#include "engine/engine_services.h"
#include "engine/type_catalogue.h"
#include "engine/type_lanes.h"

namespace certbridge::host {

// Hands each change of a version that is no draft to the journal, as a message of kCatalogueSource,
// where a route takes these: once, whatever happens in between. What was told last is in the
// journal's memory. Answers false when some could not be handed over now. One thread.
bool push_changed_types(const EngineServices& services, const OwnTypes& types);

// Owns the thread "catalogue"; destroying it ends the thread after at most one look. All references
// outlive it.
class CatalogueWatch {
 public:
  // `services.type_lanes` is set; `types` may be null.
  CatalogueWatch(EngineServices services, TypeCatalogue* types, std::chrono::milliseconds period);

 private:
  void work(const std::stop_token& stop);
  void look_at_files();

  EngineServices services_;
  TypeCatalogue* types_;
  std::chrono::milliseconds period_;
  std::chrono::steady_clock::time_point next_look_{};
  bool all_told_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace certbridge::host

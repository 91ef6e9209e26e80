// The host process: journal, endpoints, engine and front, from start to a clean end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/model.h"
#include "engine/engine_services.h"

namespace certbridge::host {

// What works beside the engine while the host runs; destroyed before the engine drains.
class Companion {
 public:
  virtual ~Companion() = default;
};

struct RunSettings {
  Configuration configuration{};  // validated
  std::function<Result<std::string>(const std::string& name)> secret{};
  std::string
      ready_file{};  // written with the front's port once everything is started; may be empty
  // Called in this order once the engine runs; an error refuses the start, and null is no
  // companion. They are destroyed in the opposite order.
  using Attach = std::function<Result<std::unique_ptr<Companion>>(const EngineServices& services)>;
  std::vector<Attach> attach{};
};

// Runs until SIGTERM or SIGINT, then drains within the configured deadline. Must be called before
// any other thread exists: it blocks the signals that it waits for. Answers an exit code of
// host/cli/exit_codes.h; past the drain deadline the process ends here, by _exit.
int run_host(RunSettings settings);

}  // namespace certbridge::host

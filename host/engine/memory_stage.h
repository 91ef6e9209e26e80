// What components put into their Memory during a call, held until the attempt's state is committed.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "certbridge/context.h"
#include "journal/store.h"

namespace certbridge::host {

// Any thread may call anything. `store` outlives it and every Memory it makes.
class MemoryStage {
 public:
  explicit MemoryStage(Store& store) : store_(store) {}

  std::unique_ptr<Memory> for_endpoint(std::string endpoint);
  // Takes what was put under the step key, to be committed with the attempt's state.
  std::vector<MemoryChange> take(const std::string& step_key);
  // Forgets it: the attempt failed before it had an effect.
  void drop(const std::string& step_key);

  // For the Memory of one endpoint.
  Result<std::optional<std::string>> get(const std::string& endpoint, const std::string& step_key,
                                         const OrderKey& key, const std::string& name);
  void put(const std::string& step_key, MemoryChange change);
  Result<std::uint64_t> next(const std::string& endpoint, const std::string& step_key,
                             const std::string& counter);
  Result<void> flush(const std::string& step_key);

 private:
  Store& store_;
  std::mutex mutex_{};
  std::map<std::string, std::vector<MemoryChange>> staged_{};
  std::mutex counters_{};  // one number is handed out at a time: gapless needs it
};

}  // namespace certbridge::host

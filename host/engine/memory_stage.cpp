#include "engine/memory_stage.h"

namespace certbridge::host {
namespace {

class EndpointMemory final : public Memory {
 public:
  EndpointMemory(MemoryStage& stage, std::string endpoint)
      : stage_(stage), endpoint_(std::move(endpoint)) {}

  Result<std::optional<std::string>> get(std::string_view step_key, const OrderKey& key,
                                         std::string_view name) override {
    return stage_.get(endpoint_, std::string(step_key), key, std::string(name));
  }
  Result<void> put(std::string_view step_key, const OrderKey& key, std::string_view name,
                   std::string_view value) override {
    stage_.put(std::string(step_key), {endpoint_, key, std::string(name), std::string(value)});
    return {};
  }
  Result<std::uint64_t> next(std::string_view step_key, std::string_view counter) override {
    return stage_.next(endpoint_, std::string(step_key), std::string(counter));
  }
  Result<void> flush(std::string_view step_key) override {
    return stage_.flush(std::string(step_key));
  }

 private:
  MemoryStage& stage_;
  std::string endpoint_;
};

}  // namespace

std::unique_ptr<Memory> MemoryStage::for_endpoint(std::string endpoint) {
  return std::make_unique<EndpointMemory>(*this, std::move(endpoint));
}

std::vector<MemoryChange> MemoryStage::take(const std::string& step_key) {
  const std::lock_guard lock(mutex_);
  auto node = staged_.extract(step_key);
  return node.empty() ? std::vector<MemoryChange>() : std::move(node.mapped());
}

void MemoryStage::drop(const std::string& step_key) {
  const std::lock_guard lock(mutex_);
  staged_.erase(step_key);
}

Result<std::optional<std::string>> MemoryStage::get(const std::string& endpoint,
                                                    const std::string& step_key,
                                                    const OrderKey& key, const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    const auto staged = staged_.find(step_key);
    if (staged != staged_.end()) {
      for (auto change = staged->second.rbegin(); change != staged->second.rend(); ++change) {
        if (change->endpoint == endpoint && change->key == key && change->name == name) {
          return std::optional(change->value);
        }
      }
    }
  }
  return store_.memory(endpoint, key, name);
}

void MemoryStage::put(const std::string& step_key, MemoryChange change) {
  const std::lock_guard lock(mutex_);
  staged_[step_key].push_back(std::move(change));
}

Result<std::uint64_t> MemoryStage::next(const std::string& endpoint, const std::string& step_key,
                                        const std::string& counter) {
  // The number is made durable under its step key before it is handed out: a later attempt of the
  // step gets it again, and no other step can.
  const std::lock_guard lock(counters_);
  auto known = store_.counter(endpoint, counter, step_key);
  if (!known) return known.error();
  if (known.value().first) return *known.value().first;
  Transition transition;
  transition.counters.push_back({endpoint, counter, step_key, known.value().second});
  if (auto applied = store_.apply(std::move(transition)); !applied) return applied.error();
  return known.value().second;
}

Result<void> MemoryStage::flush(const std::string& step_key) {
  Transition transition;
  transition.memory = take(step_key);
  if (transition.memory.empty()) return {};
  return store_.apply(std::move(transition));
}

}  // namespace certbridge::host

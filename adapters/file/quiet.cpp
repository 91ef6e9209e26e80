#include "quiet.h"

namespace certbridge::file {

Quiet::Seen& Quiet::seen(const std::string& name, const FileState& state,
                         std::chrono::steady_clock::time_point now) {
  auto [found, is_new] = seen_.try_emplace(name, Seen{state, now, now, true});
  found->second.asked = true;
  return found->second;
}

bool Quiet::lies_still(const std::string& name, const FileState& state,
                       std::chrono::steady_clock::time_point now) {
  Seen& known = seen(name, state, now);
  if (known.state != state) {
    known.state = state;
    known.unchanged_since = now;
  }
  return now - known.unchanged_since >= least_;
}

std::chrono::milliseconds Quiet::waited(const std::string& name,
                                        std::chrono::steady_clock::time_point now) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - seen(name, {}, now).first);
}

void Quiet::forget_others() {
  std::erase_if(seen_, [](const auto& entry) { return !entry.second.asked; });
  for (auto& [name, known] : seen_) known.asked = false;
}

}  // namespace certbridge::file

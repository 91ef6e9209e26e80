// What the words for states of deliveries in the host's facts mean here.
#pragma once

#include <string_view>

namespace certbridge::provincial_platform {

// It may still leave, or be on its way; "open" is sent, and has no verdict.
inline bool is_under_way(std::string_view state) {
  for (const char* moving : {"waiting", "ready", "sending", "retry-at", "unknown"}) {
    if (state == moving) return true;
  }
  return false;
}
inline bool is_undecided(std::string_view state) { return state == "open" || is_under_way(state); }

}  // namespace certbridge::provincial_platform

// Which of what may go goes first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace certbridge::host {

// A smaller one goes first. A lane never changes the order of one key: it only decides among those
// that are ready.
enum class Lane : std::uint8_t {
  kRevocation = 1,  // and whatever earlier stands in the way of one
  kLive = 2,
  kBulk = 3,
};
std::string to_text(Lane lane);  // "revocation", "live", "bulk"
std::optional<Lane> lane_named(std::string_view name);

}  // namespace certbridge::host

// What a person has put on hold: deliveries wait for the release, and use up no attempts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

enum class HoldScope : std::uint8_t {
  kAll = 1,       // every delivery
  kEndpoint = 2,  // those to one endpoint
  kRoute = 3,     // those that one route made
};
std::string to_text(HoldScope scope);  // "all", "endpoint", "route"

// One hold in force. Person and reason are encrypted at rest and belong into no log and no metric.
struct Hold {
  HoldScope scope = HoldScope::kAll;
  std::string name{};    // of the endpoint or route; empty for all
  std::string person{};  // who put it there
  std::string reason{};  // for people, at most 1000 bytes
  Timestamp since{};     // set by the store
};

// The end of a hold.
struct Release {
  HoldScope scope = HoldScope::kAll;
  std::string name{};
  std::string person{};
  std::string reason{};
};

// The hold that keeps deliveries of `route` to `endpoint` waiting: the widest one; null when there
// is none. Points into `holds`.
const Hold* holding(const std::vector<Hold>& holds, const std::string& endpoint,
                    const std::string& route);
// "held by zhang since 2026-11-24T06:00:00.000Z: the library moves house", for people.
std::string held_text(const Hold& hold);

}  // namespace certbridge::host

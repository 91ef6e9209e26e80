// What waits for an earlier event of one of its keys, or for another delivery of its message.
#pragma once

#include <cstdint>
#include <string>

#include "certbridge/message.h"

namespace certbridge::host {

struct WaitingItem {
  std::string message_id{};
  std::string delivery{};  // its name; empty: the message itself, whose steps may not run yet
  std::string endpoint{};  // of the delivery
  std::string route{};
  Timestamp since{};    // when its event was accepted
  std::string cause{};  // "parked delivery of message m-0000000009"
};
// "delivery library of m-0000000012 waits since 2026-11-28T02:00:00.000Z for incomplete message
// m-0000000009", for people.
std::string waiting_text(const WaitingItem& item);

// What waits longer than it should for one endpoint; of messages whose steps wait, for none.
struct WaitingAlarm {
  std::string endpoint{};
  std::uint64_t count = 0;  // up to the bound that was asked for
  WaitingItem oldest{};
};

}  // namespace certbridge::host

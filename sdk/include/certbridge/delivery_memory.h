// What a sink keeps of one delivery no longer than the host keeps what was delivered.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge {

// A key of Memory (context.h) for one delivery, by the step key of its calls. Values under it go
// when the message's body is dropped after its retention: for bytes with names and numbers of
// persons, which every attempt needs and nobody afterwards. Small facts that must outlive them
// (identifiers, digests) stand under another key.
inline OrderKey of_delivery(std::string_view step_key) {
  return {"certbridge-delivery", std::string(step_key)};
}

}  // namespace certbridge

// Moments as the journal keeps them: milliseconds since 1970.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "certbridge/message.h"

namespace certbridge::host {

inline Timestamp time_of(std::int64_t number) {
  return Timestamp(std::chrono::milliseconds(number));
}
inline std::int64_t number_of(const std::optional<Timestamp>& time, std::int64_t otherwise) {
  return time ? time->time_since_epoch().count() : otherwise;
}

}  // namespace certbridge::host

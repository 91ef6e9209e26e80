// The Retry-After header (RFC 9110, 10.2.3).
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge::http {

// Seconds, or an HTTP date of any of the three forms seen from `now`; nothing for other text. A
// time that has passed is zero; at most a day is believed.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, Timestamp now);

}  // namespace certbridge::http

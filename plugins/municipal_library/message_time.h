// Times as the headers of messages have them.
#pragma once

#include <optional>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge::municipal_library {

// "2026-11-24T08:00:00Z", with fractions, or without the Z and with a blank for local time of
// +08:00; nothing for other text.
std::optional<Timestamp> parse_message_time(std::string_view text);

}  // namespace certbridge::municipal_library

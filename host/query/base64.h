// Base64 (RFC 4648) of a file in a body.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace certbridge::host {

// Strict: no blanks, whole groups with their padding, no bits left over. Nothing for anything else.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace certbridge::host

// base64url (RFC 4648, section 5) without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace certbridge::host {

// Nothing for another alphabet, padding, blanks, or bits at the end that belong to no byte.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace certbridge::host

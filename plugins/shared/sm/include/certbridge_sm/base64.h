// Base64 (RFC 4648, standard alphabet with padding).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace certbridge::sm {

std::string base64_encode(std::string_view bytes);  // without line breaks
// Nothing for any character, length or padding that an encoder would not have written; blanks and
// line breaks at the ends are not taken either.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace certbridge::sm

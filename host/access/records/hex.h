// Bytes from lower-case hexadecimal text; the other way is to_hex_text() of certbridge/text.h.
#pragma once

#include <string>
#include <string_view>

namespace certbridge::host {

// False for anything but pairs of lower-case digits.
bool from_hex_text(std::string_view text, std::string& bytes);

}  // namespace certbridge::host

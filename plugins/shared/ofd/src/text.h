// UTF-8 in and out, without tables.
#pragma once

#include <string>
#include <string_view>

namespace certbridge::ofd {

// Strict: no over-long forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
// Takes one code point off the front; U+FFFD for a byte that starts none. `text` is not empty.
char32_t take_code_point(std::string_view& text);
void append_utf8(std::string& text, char32_t code);
std::string ascii_lower(std::string_view text);

}  // namespace certbridge::ofd

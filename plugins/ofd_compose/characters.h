// What is known of characters without a font: how wide they are, where a line may end, and whether
// a reader's computer will have them.
#pragma once

#include <string>
#include <string_view>

#include "certbridge_ofd/measure.h"

namespace certbridge::ofd_compose {

std::u32string to_code_points(std::string_view utf8);
std::string to_utf8(std::u32string_view text);

// Advance in a Song type of this size: half for Latin, full for all else.
ofd::Length advance_of(char32_t code, ofd::Length size);
// True when the Song types of common systems show the character.
bool is_common(char32_t code);
bool is_blank(char32_t code);
// Whether a line may end between the two (避头尾): no closing mark begins a line, no opening mark
// ends one, numbers and Latin words stay whole.
bool may_break_between(char32_t before, char32_t after);

}  // namespace certbridge::ofd_compose

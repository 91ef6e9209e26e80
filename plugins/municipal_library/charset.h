// Between UTF-8, which everything inside is, and what a library speaks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect.h"

namespace certbridge::municipal_library {

// Nothing for bytes that are not text of the charset, or that hold control characters. GB18030 has
// every character of Unicode, with four bytes for those outside of the BMP.
std::optional<std::string> to_utf8(std::string_view bytes, Charset charset);
std::optional<std::string> from_utf8(std::string_view text, Charset charset);

}  // namespace certbridge::municipal_library

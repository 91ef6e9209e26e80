// Text as every part of CertBridge takes it: valid UTF-8, any character of Unicode, no control
// characters but tab, line feed and carriage return.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge {

// The code points of valid UTF-8; nothing for over-long forms, surrogates, stray or missing bytes
// and values above U+10FFFF.
std::optional<std::u32string> decode_utf8(std::string_view text);
// Code points that are none (surrogates, above U+10FFFF) become U+FFFD.
std::string encode_utf8(std::u32string_view code_points);

// Refuses with "text.encoding" what is not UTF-8 and with "text.control_character" control
// characters, U+FFFE and U+FFFF, which XML cannot carry. The message names the byte's position and
// never the text.
Result<void> check_text(std::string_view text);

// The text without white space of any kind, with full-width digits, letters and punctuation
// (U+FF01 to U+FF5E) and the ideographic space folded to ASCII. Not UTF-8 stays as it is.
std::string fold_width_and_blanks(std::string_view text);

// As a part of an address (RFC 3986, section 2.1): all but its unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

// Bytes as pairs of lower-case hexadecimal digits.
std::string to_hex_text(std::string_view bytes);

// Every end of a line (CR LF, CR) as the line feed that XML makes of it.
std::string with_line_feeds(std::string_view text);

// A sentence for people with parts of an input in it: what is above kLongestReason bytes is cut,
// between characters, and ends in "...".
inline constexpr std::size_t kLongestReason = 400;
std::string shortened(std::string_view sentence);

}  // namespace certbridge

#pragma once

namespace certbridge {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace certbridge

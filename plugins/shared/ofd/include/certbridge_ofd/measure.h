// Places on a page. Lengths are whole micrometres, so that equal input gives equal bytes.
#pragma once

#include <cstdint>
#include <string>

namespace certbridge::ofd {

using Length = std::int32_t;  // micrometres; OFD files hold millimetres (GB/T 33190, 7.3)

struct Box {
  Length x = 0;
  Length y = 0;
  Length width = 0;
  Length height = 0;
};

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
};

// Millimetres without trailing zeros: 4230 is "4.23".
void append_length(std::string& text, Length length);
std::string print_length(Length length);
// "x y width height" in millimetres (ST_Box).
void append_box(std::string& text, const Box& box);
std::string print_box(const Box& box);

}  // namespace certbridge::ofd

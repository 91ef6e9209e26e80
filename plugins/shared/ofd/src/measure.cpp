#include "certbridge_ofd/measure.h"

#include <charconv>

namespace certbridge::ofd {

// Into a buffer first: most of a certificate's XML is lengths.
void append_length(std::string& text, Length length) {
  char digits[16];
  char* end = digits;
  std::int64_t rest = length;
  if (rest < 0) {
    *end++ = '-';
    rest = -rest;
  }
  end = std::to_chars(end, digits + sizeof digits, rest / 1000).ptr;
  auto fraction = static_cast<int>(rest % 1000);
  if (fraction != 0) *end++ = '.';
  for (int unit = 100; fraction != 0; fraction %= unit, unit /= 10) {
    *end++ = static_cast<char>('0' + fraction / unit);
  }
  text.append(digits, end);
}

std::string print_length(Length length) {
  std::string text;
  append_length(text, length);
  return text;
}

void append_box(std::string& text, const Box& box) {
  append_length(text, box.x);
  for (const Length length : {box.y, box.width, box.height}) {
    text.push_back(' ');
    append_length(text, length);
  }
}

std::string print_box(const Box& box) {
  std::string text;
  append_box(text, box);
  return text;
}

}  // namespace certbridge::ofd

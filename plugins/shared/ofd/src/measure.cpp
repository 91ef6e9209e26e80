#include "certbridge_ofd/measure.h"

#include <charconv>

namespace certbridge::ofd {

void append_length(std::string& text, Length length) {
  std::int64_t rest = length;
  if (rest < 0) {
    text.push_back('-');
    rest = -rest;
  }
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, rest / 1000);
  text.append(digits, end.ptr);
  const auto fraction = static_cast<int>(rest % 1000);
  if (fraction == 0) return;
  text.push_back('.');
  text.push_back(static_cast<char>('0' + fraction / 100));
  if (fraction % 100 != 0) text.push_back(static_cast<char>('0' + fraction / 10 % 10));
  if (fraction % 10 != 0) text.push_back(static_cast<char>('0' + fraction % 10));
}

std::string print_length(Length length) {
  std::string text;
  append_length(text, length);
  return text;
}

std::string print_box(const Box& box) {
  std::string text;
  for (const Length length : {box.x, box.y, box.width, box.height}) {
    if (!text.empty()) text.push_back(' ');
    append_length(text, length);
  }
  return text;
}

}  // namespace certbridge::ofd

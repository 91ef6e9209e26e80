// Text for people: columns that line up, colours only where somebody looks.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace certbridge::host {

enum class Tone : unsigned char { kPlain = 1, kGood = 2, kBad = 3, kQuiet = 4, kTitle = 5 };

class Screen {
 public:
  // `colours`: whether escape sequences may be written.
  Screen(std::ostream& stream, bool colours) : stream_(stream), colours_(colours) {}

  void line(std::string_view text) { line(text, Tone::kPlain); }
  void line(std::string_view text, Tone tone);
  // Columns as wide as their widest cell; the first row is the heading.
  void table(const std::vector<std::vector<std::string>>& rows);

 private:
  std::ostream& stream_;
  bool colours_;
};

// True for a terminal, unless NO_COLOR is set.
bool may_colour(int descriptor);
// Columns that the text takes: ideographs and full-width characters take two.
std::size_t display_width(std::string_view text);

}  // namespace certbridge::host

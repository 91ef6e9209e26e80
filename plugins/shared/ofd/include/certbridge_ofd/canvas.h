// One page, or one layout shared by pages, while it is being drawn.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge_ofd/measure.h"

namespace certbridge::ofd {

// One line of text (TextObject, GB/T 33190 chapter 11). The box is in page coordinates and clips.
struct TextLine {
  Box box{};
  int font = 0;  // from DocumentWriter::add_font
  Length size = 0;
  Colour colour{};
  int alpha = 255;                 // 0 to 255
  std::string text{};              // UTF-8, one line, not empty
  Length x = 0;                    // origin of the first character, from the box's corner
  Length baseline = 0;             // down from the box's top
  std::vector<Length> advances{};  // from each code point but the last to the next one
  int turn = 0;                    // degrees counter-clockwise about the box's centre
};

// Outline in micrometres from the corner of its box (AbbreviatedData).
class Outline {
 public:
  void move(Length x, Length y) { add("M", {x, y}); }
  void line(Length x, Length y) { add("L", {x, y}); }
  void quadratic(Length x1, Length y1, Length x, Length y) { add("Q", {x1, y1, x, y}); }
  void cubic(Length x1, Length y1, Length x2, Length y2, Length x, Length y) {
    add("B", {x1, y1, x2, y2, x, y});
  }
  void close() { add("C", {}); }
  void rectangle(const Box& box);
  const std::string& data() const { return data_; }

 private:
  void add(const char* operation, std::initializer_list<Length> numbers);
  std::string data_{};
};

struct Stroke {
  Length width = 0;
  Colour colour{};
};

// Objects appear in the order in which they are drawn. Every drawing function answers the ID of the
// object, unique in the document.
class Canvas {
 public:
  // `next_id` is shared by all parts of a document and outlives the canvas.
  Canvas(int id, Length width, Length height, int layout, int& next_id);
  int id() const { return id_; }
  Length width() const { return width_; }
  Length height() const { return height_; }
  int text(const TextLine& line);
  int stroke(const Box& box, const Outline& outline, const Stroke& stroke);
  int fill(const Box& box, const Outline& outline, Colour colour);
  int image(const Box& box, int picture);
  // The file Content.xml.
  std::string content() const;

 private:
  int begin(const char* element, const Box& box);
  int id_;
  Length width_;
  Length height_;
  int layout_;  // 0 for none
  int layer_;
  int& next_id_;
  std::string objects_{};
};

}  // namespace certbridge::ofd

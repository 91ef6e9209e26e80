#include "certbridge_ofd/canvas.h"

#include <cmath>
#include <numbers>

#include "certbridge/xml.h"
#include "xml_text.h"

namespace certbridge::ofd {
namespace {

void append_number(std::string& out, const char* name, int number) {
  out += ' ';
  out += name;
  out += "=\"";
  out += std::to_string(number);
  out += '"';
}

void append_measure(std::string& out, const char* name, Length length) {
  out += ' ';
  out += name;
  out += "=\"";
  append_length(out, length);
  out += '"';
}

void append_colour(std::string& out, const char* element, Colour colour, int alpha) {
  out += "<ofd:";
  out += element;
  out += " Value=\"";
  out += std::to_string(colour.red) + ' ' + std::to_string(colour.green) + ' ';
  out += std::to_string(colour.blue) + '"';
  if (alpha != 255) append_number(out, "Alpha", alpha);
  out += "/>";
}

void append_path(std::string& out, const Outline& outline) {
  out += "<ofd:AbbreviatedData>";
  out += outline.data();
  out += "</ofd:AbbreviatedData></ofd:PathObject>";
}

// Equal advances in a row are written as "g count value", as the standard allows.
void append_advances(std::string& out, const std::vector<Length>& advances) {
  for (std::size_t i = 0; i < advances.size();) {
    std::size_t end = i + 1;
    while (end < advances.size() && advances[end] == advances[i]) ++end;
    if (i > 0) out += ' ';
    if (end - i > 2) {
      out += "g " + std::to_string(end - i) + ' ';
      append_length(out, advances[i]);
      i = end;
    } else {
      append_length(out, advances[i]);
      ++i;
    }
  }
}

// Ten-thousandths, so that no rounding of the mathematical library shows.
std::string factor(double value) {
  const auto scaled = static_cast<int>(std::lround(value * 10'000));
  std::string digits = std::to_string(std::abs(scaled) % 10'000);
  digits.insert(0, 4 - digits.size(), '0');
  return (scaled < 0 ? "-" : "") + std::to_string(std::abs(scaled) / 10'000) + "." + digits;
}

// CTM that turns about the centre of the box.
std::string turned(const Box& box, int degrees) {
  const double angle = -degrees * std::numbers::pi / 180;
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  const double x = box.width / 2.0;
  const double y = box.height / 2.0;
  const auto to_x = static_cast<Length>(std::lround(x - cosine * x + sine * y));
  const auto to_y = static_cast<Length>(std::lround(y - sine * x - cosine * y));
  return factor(cosine) + ' ' + factor(sine) + ' ' + factor(-sine) + ' ' + factor(cosine) + ' ' +
         print_length(to_x) + ' ' + print_length(to_y);
}

}  // namespace

void Outline::add(const char* operation, std::initializer_list<Length> numbers) {
  if (!data_.empty()) data_.push_back(' ');
  data_ += operation;
  for (const Length number : numbers) {
    data_.push_back(' ');
    append_length(data_, number);
  }
}

void Outline::rectangle(const Box& box) {
  move(box.x, box.y);
  line(box.x + box.width, box.y);
  line(box.x + box.width, box.y + box.height);
  line(box.x, box.y + box.height);
  close();
}

Canvas::Canvas(int id, Length width, Length height, int layout, int& next_id)
    : id_(id),
      width_(width),
      height_(height),
      layout_(layout),
      layer_(next_id++),
      next_id_(next_id) {}

int Canvas::begin(const char* element, const Box& box) {
  const int id = next_id_++;
  objects_ += "<ofd:";
  objects_ += element;
  append_number(objects_, "ID", id);
  objects_ += " Boundary=\"";
  append_box(objects_, box);
  objects_ += '"';
  return id;
}

int Canvas::text(const TextLine& line) {
  const int id = begin("TextObject", line.box);
  if (line.turn != 0) objects_ += " CTM=\"" + turned(line.box, line.turn) + '"';
  append_number(objects_, "Font", line.font);
  append_measure(objects_, "Size", line.size);
  objects_ += '>';
  append_colour(objects_, "FillColor", line.colour, line.alpha);
  objects_ += "<ofd:TextCode";
  append_measure(objects_, "X", line.x);
  append_measure(objects_, "Y", line.baseline);
  if (!line.advances.empty()) {
    objects_ += " DeltaX=\"";
    append_advances(objects_, line.advances);
    objects_ += '"';
  }
  objects_ += '>';
  append_xml_escaped(objects_, line.text);
  objects_ += "</ofd:TextCode></ofd:TextObject>";
  return id;
}

int Canvas::stroke(const Box& box, const Outline& outline, const Stroke& stroke) {
  const int id = begin("PathObject", box);
  append_measure(objects_, "LineWidth", stroke.width);
  objects_ += '>';
  append_colour(objects_, "StrokeColor", stroke.colour, 255);
  append_path(objects_, outline);
  return id;
}

int Canvas::fill(const Box& box, const Outline& outline, Colour colour) {
  const int id = begin("PathObject", box);
  objects_ += " Stroke=\"false\" Fill=\"true\">";
  append_colour(objects_, "FillColor", colour, 255);
  append_path(objects_, outline);
  return id;
}

int Canvas::image(const Box& box, int picture) {
  const int id = begin("ImageObject", box);
  objects_ += " CTM=\"" + print_length(box.width) + " 0 0 " + print_length(box.height) + " 0 0\"";
  append_number(objects_, "ResourceID", picture);
  objects_ += "/>";
  return id;
}

std::string Canvas::content() const {
  std::string xml(kXmlHead);
  xml += "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\">";
  if (layout_ != 0) {
    xml += "<ofd:Template TemplateID=\"" + std::to_string(layout_) + "\" ZOrder=\"Background\"/>";
  }
  xml += "<ofd:Area><ofd:PhysicalBox>" + print_box({0, 0, width_, height_}) +
         "</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID=\"" + std::to_string(layer_) +
         "\" Type=\"Body\">";
  xml += objects_;
  xml += "</ofd:Layer></ofd:Content></ofd:Page>";
  return xml;
}

}  // namespace certbridge::ofd

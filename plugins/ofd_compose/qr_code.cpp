#include <qrencode.h>

#include <memory>

#include "painter.h"

namespace certbridge::ofd_compose {
namespace {

// Dark modules of one row as thick lines: a third of the text that rectangles would take, and the
// text of the code is what compressing a certificate costs most for.
void add_bars(ofd::Outline& outline, const QRcode& code, int row, ofd::Length module,
              ofd::Length inset) {
  const auto dark = [&](int column) { return (code.data[row * code.width + column] & 1) != 0; };
  const ofd::Length y = inset + row * module + module / 2;
  for (int column = 0; column < code.width; ++column) {
    if (!dark(column)) continue;
    const int first = column;
    while (column < code.width && dark(column)) ++column;
    outline.move(inset + first * module, y);
    outline.line(inset + column * module, y);
  }
}

}  // namespace

void Painter::code(ofd::Canvas& canvas, const ofd::Box& box, const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (code == nullptr) {
    if (!error_) error_ = Error::permanent("ofd_compose.code", "the QR code cannot hold its text");
    return;
  }
  const ofd::Length module = box.width / code->width / 20 * 20;
  const ofd::Length inset = (box.width - module * code->width) / 2 / 10 * 10;
  ofd::Outline outline;
  for (int row = 0; row < code->width; ++row) add_bars(outline, *code, row, module, inset);
  canvas.stroke(box, outline, {module, {0, 0, 0}});
}

}  // namespace certbridge::ofd_compose

#include <qrencode.h>

#include <memory>

#include "painter.h"

namespace certbridge::ofd_compose {
namespace {

// Dark modules of one row as thick lines: a third of the text that rectangles would take, and the
// text of the code is what compressing a certificate costs most for.
void add_bars(ofd::Outline& outline, const QRcode& code, int row, ofd::Length module) {
  const auto dark = [&](int column) { return (code.data[row * code.width + column] & 1) != 0; };
  const ofd::Length y = row * module + module / 2;
  for (int column = 0; column < code.width; ++column) {
    if (!dark(column)) continue;
    const int first = column;
    while (column < code.width && dark(column)) ++column;
    outline.move(first * module, y);
    outline.line(column * module, y);
  }
}

}  // namespace

// Digits and capitals are coded in less room than bytes: the code gets smaller, and the file with
// it.
void Painter::code(ofd::Canvas& canvas, const ofd::Box& box, const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), &QRcode_free);
  if (code == nullptr) {
    if (!error_) error_ = Error::permanent("ofd_compose.code", "the QR code cannot hold its text");
    return;
  }
  const ofd::Length module = box.width / code->width / 20 * 20;
  const ofd::Length side = module * code->width;
  const ofd::Length inset = (box.width - side) / 2;
  ofd::Outline outline;
  for (int row = 0; row < code->width; ++row) add_bars(outline, *code, row, module);
  canvas.stroke({box.x + inset, box.y + inset, side, side}, outline, {module, {0, 0, 0}});
}

}  // namespace certbridge::ofd_compose

#include <qrencode.h>

#include <memory>

#include "painter.h"

namespace certbridge::ofd_compose {
namespace {

// Dark modules of one row as bars, so that viewers draw no seams between modules.
void add_bars(ofd::Outline& outline, const QRcode& code, int row, const ofd::Box& box) {
  const auto edge = [&](int module) {
    return static_cast<ofd::Length>(static_cast<std::int64_t>(box.width) * module / code.width);
  };
  const auto dark = [&](int column) { return (code.data[row * code.width + column] & 1) != 0; };
  for (int column = 0; column < code.width; ++column) {
    if (!dark(column)) continue;
    const int first = column;
    while (column < code.width && dark(column)) ++column;
    outline.rectangle(
        {edge(first), edge(row), edge(column) - edge(first), edge(row + 1) - edge(row)});
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
  ofd::Outline outline;
  for (int row = 0; row < code->width; ++row) add_bars(outline, *code, row, box);
  canvas.fill(box, outline, {0, 0, 0});
}

}  // namespace certbridge::ofd_compose

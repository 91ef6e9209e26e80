// What an annotated copy (加注件) says on each of its pages.
#pragma once

#include <string>
#include <vector>

#include "certbridge/query.h"
#include "certbridge_ofd/canvas.h"

namespace certbridge::ofd_compose {

// One line of text on a page, in micrometres from its top left corner.
struct CopyMark {
  ofd::Box box{};
  std::u32string text{};  // not empty
  ofd::Length size = 0;
  ofd::Length x = 0;         // origin of the first character, from the box's corner
  ofd::Length baseline = 0;  // down from the box's top
  int alpha = 255;           // 0 to 255
  int turn = 0;              // degrees counter-clockwise about the box's centre
};

inline constexpr ofd::Colour kCopyInk{200, 30, 30};

// A watermark over the whole page, and a note at its foot with everything the copy was made for.
std::vector<CopyMark> copy_marks(ofd::Length width, ofd::Length height, const CopyQuestion& copy);
// The same on a page of an OFD document.
void mark_copy(ofd::Canvas& canvas, int font, const CopyQuestion& copy);

// Local time of +08:00: "2026-11-24 08:00:00" for people, "20261124080000" for metadata.
std::string people_time(Timestamp time);
std::string metadata_time(Timestamp time);
// At most 256 bytes, cut between characters: as much as GB/T 36903 has room for.
std::string copy_text(const std::string& text);

}  // namespace certbridge::ofd_compose

// What an annotated copy (加注件) says on each of its pages.
#pragma once

#include <string>

#include "certbridge/query.h"
#include "certbridge_ofd/canvas.h"

namespace certbridge::ofd_compose {

// A watermark over the whole page, and a note at its foot with everything the copy was made for.
void mark_copy(ofd::Canvas& canvas, int font, const CopyQuestion& copy);

// Local time of +08:00: "2026-11-24 08:00:00" for people, "20261124080000" for metadata.
std::string people_time(Timestamp time);
std::string metadata_time(Timestamp time);
// At most 256 bytes, cut between characters: as much as GB/T 36903 has room for.
std::string copy_text(const std::string& text);

}  // namespace certbridge::ofd_compose

// What lies under a name, compared with what should lie there.
#pragma once

#include "folder.h"

namespace certbridge::file {

struct Comparison {
  enum class Held : std::uint8_t { kNothing = 1, kSame = 2, kOther = 3 };
  Held held = Held::kNothing;
  std::string digest{};  // SM3 of what lies there when it is another content
};

// Compares byte by byte, reading at most all of the file. What is no regular file is another
// content.
Result<Comparison> compare(Folder& folder, const std::string& path, const Content& content,
                           const Call& call);

}  // namespace certbridge::file

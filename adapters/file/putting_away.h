// Moving files out of the way without losing one.
#pragma once

#include "folder.h"

namespace certbridge::file {

// Moves a file into a folder that is made when it is not there. Where another content has the name,
// the file's digest is appended to it; the same content is kept once. False when there was no file.
Result<bool> put_away(Folder& folder, const std::string& from, const std::string& to,
                      const Call& call);

// "2026-11-24", of local time +08:00.
std::string day_of(Timestamp now);

}  // namespace certbridge::file

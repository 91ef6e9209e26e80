// Moving files out of the way without losing one.
#pragma once

#include "folder.h"

namespace certbridge::file {

// Where files are put away: a folder, and in it one for the day where there are such.
struct Shelf {
  std::string folder{};
  std::string day{};
  std::string place() const { return day.empty() ? folder : joined(folder, day); }
};

// Moves a file to a shelf whose folder exists; that of the day is made when it is not there. Where
// another content has the name, the file's digest is appended to it; the same content is kept once.
// False when there was no file.
Result<bool> put_away(Folder& folder, const std::string& from, const Shelf& shelf,
                      const std::string& name, const Call& call);

// "2026-11-24", of local time +08:00.
std::string day_of(Timestamp now);

}  // namespace certbridge::file

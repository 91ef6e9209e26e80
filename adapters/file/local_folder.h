// Files of this machine, or of a share that is mounted here.
#pragma once

#include <functional>

#include "folder.h"

namespace certbridge::file {

// `base` must exist when it is used ("file.no_folder"); relative to the working directory.
std::unique_ptr<Folder> open_local_folder(std::string base);

// Where a test may interrupt a move between two file systems: "copy-begun", "half-copied" behind
// each piece, "copied", "copy-synced", "copy-named", "copy-durable", "original-removed".
using MoveObserver = std::function<void(const char* step)>;
// The same, and `observer` hears of its steps.
std::unique_ptr<Folder> open_watched_folder(std::string base, MoveObserver observer);

}  // namespace certbridge::file

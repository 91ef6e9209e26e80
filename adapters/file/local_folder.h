// Files of this machine, or of a share that is mounted here.
#pragma once

#include "folder.h"

namespace certbridge::file {

// `base` must exist when it is used ("file.no_folder"); relative to the working directory.
std::unique_ptr<Folder> open_local_folder(std::string base);

}  // namespace certbridge::file

// Which way a folder is reached, as the options of an endpoint say.
#pragma once

#include "certbridge/context.h"
#include "folder.h"

namespace certbridge::file {

// "file.option" when options do not go together.
Result<std::unique_ptr<Folder>> open_folder(const Config& config);

// Whether each operation costs a round trip to a server.
bool is_remote(const Config& config);

}  // namespace certbridge::file

// All operations. What stands here exists on the command line and as HTTP API, and nothing else
// does. Each is described and done in the file of its noun; operation_lists.h names the lists.
#pragma once

#include "operate/operation.h"

namespace certbridge::host {

const std::vector<Operation>& operations();
// Null when there is none.
const Operation* operation_at(std::string_view path);

}  // namespace certbridge::host

// The dialect files that come with the plugin, read.
#pragma once

#include <string>

#include "dialect.h"

namespace certbridge::municipal_library {

std::string shipped_dialect_text(const std::string& name);
// Ends in a test failure when the file cannot be read.
Dialect shipped_dialect(const std::string& name);

}  // namespace certbridge::municipal_library

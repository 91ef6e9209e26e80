#pragma once

#include <string>

#include "certbridge/result.h"

namespace certbridge::host {

// Lower-case hexadecimal SHA-256 of a file; "plugin.library" when it cannot be read.
Result<std::string> file_sha256(const std::string& path);

}  // namespace certbridge::host

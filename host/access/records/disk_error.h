// What the disk refused, in words of the access records.
#pragma once

#include <string>

#include "journal/failure.h"

namespace certbridge::host {

// Of errno: "access.full" or "access.failed", both retryable.
Failure disk_error(const std::string& path);

}  // namespace certbridge::host

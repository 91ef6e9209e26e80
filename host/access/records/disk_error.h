// What the disk refused, in words of the access records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "journal/failure.h"

namespace certbridge::host {

// Of errno: "access.full" or "access.failed", both retryable.
Failure disk_error(const std::string& path);

// Writes all of it there, or throws what the disk said. `path` is what errors call the file.
void write_all_at(int file, std::uint64_t offset, std::string_view bytes, const std::string& path);

}  // namespace certbridge::host

// A disk that is full when a test says so. The test's own functions take the place of the C
// library's for the whole program, SQLite included, so neither root nor a file system is needed.
#pragma once

#include <cstdint>
#include <string>

namespace certbridge::host::testing {

// From now on the files under `folder` may take `bytes` of disk together; what would need more
// fails with ENOSPC. An empty folder lifts the limit.
void limit_disk(const std::string& folder, std::uint64_t bytes);
// There is no room left for the files under `folder` while the file `sign` exists.
void limit_disk_while(const std::string& folder, const std::string& sign);
// What they take now.
std::uint64_t disk_used(const std::string& folder);

}  // namespace certbridge::host::testing

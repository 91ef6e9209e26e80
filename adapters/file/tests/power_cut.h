// What a power cut takes from a folder. The test's own fsync() takes the place of the C library's
// for the whole program.
#pragma once

#include <string>

namespace certbridge::file::testing {

// From now on what is not synced can be lost from `folder`, by this process or one that it forks;
// what lies there now is durable. What was synced is written down in the file `log`.
void watch_syncs(const std::string& folder, const std::string& log);
// Takes away the names that lie in folders which were not synced since, and the bytes of files that
// were not. What nobody synced is always lost: no disk is worse.
void cut_power();

}  // namespace certbridge::file::testing

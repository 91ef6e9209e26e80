// What the crash tests of the access records share.
#pragma once

#include <string>
#include <vector>

#include "access/records/access_log.h"

namespace certbridge::host::crash {

// The log lies in `folder`/test-1, its anchors in `folder`/second/test-1. Small segments and groups
// of frames, so that much happens in a short time.
AccessLogSettings access_settings(const std::string& folder, const Clock& clock);

// Opens the log as a start would, closes it, and compares it with what was acknowledged. Answers
// what is wrong, a sentence each.
std::vector<std::string> check_access_log(const std::string& folder,
                                          const std::vector<std::string>& acknowledged);

}  // namespace certbridge::host::crash

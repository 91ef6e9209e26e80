// Files that were looked at once.
#pragma once

#include <string>

namespace certbridge::provincial_platform::testing {

// Fails the test when `text` is not that of golden/`path`. CERTBRIDGE_WRITE_GOLDEN=1 writes the
// files anew, to be looked at.
void expect_golden(const std::string& path, const std::string& text);

}  // namespace certbridge::provincial_platform::testing

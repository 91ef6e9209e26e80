#include "golden_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "booking_samples.h"

namespace certbridge::provincial_platform::testing {
namespace {

const std::string kGolden = "plugins/provincial_platform/tests/golden/";

}  // namespace

void expect_golden(const std::string& path, const std::string& text) {
  const std::string file = std::string(CERTBRIDGE_SOURCE_DIR) + "/" + kGolden + path;
  if (std::getenv("CERTBRIDGE_WRITE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  EXPECT_EQ(text, source_text(kGolden + path)) << path;
}

}  // namespace certbridge::provincial_platform::testing

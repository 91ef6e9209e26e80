#include "schema_check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace certbridge::ofd_compose {

void expect_schema_valid(const ofd::Package& package) {
  const std::filesystem::path folder =
      std::filesystem::path(CERTBRIDGE_BUILD_DIR) / ("ofd-schema-test-" + std::to_string(getpid()));
  std::filesystem::remove_all(folder);
  std::string files;
  for (const ofd::Entry& entry : package.entries) {
    if (!entry.name.ends_with(".xml") || entry.name.ends_with("CustomTag.xml") ||
        entry.name.ends_with("certificate.xml")) {
      continue;
    }
    const std::filesystem::path path = folder / entry.name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << entry.bytes;
    files += " '" + path.string() + "'";
  }
  const std::string command = "xmllint --nonet --noout --schema '" CERTBRIDGE_SOURCE_DIR
                              "/plugins/shared/ofd/schema/subset.xsd'" +
                              files + " 2> '" + (folder / "messages").string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << "see " << folder / "messages";
}

}  // namespace certbridge::ofd_compose

#include "dialect_files.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace certbridge::municipal_library {

std::string shipped_dialect_text(const std::string& name) {
  std::ifstream in(std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/dialects/" +
                   name + ".xml");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Dialect shipped_dialect(const std::string& name) {
  auto dialect = parse_dialect(shipped_dialect_text(name), name);
  EXPECT_TRUE(dialect.ok()) << dialect.error().message;
  return std::move(dialect).value();
}

}  // namespace certbridge::municipal_library

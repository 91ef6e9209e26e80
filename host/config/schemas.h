// The schemas of config/schema, built into the program so that no installation can lose them.
#pragma once

#include <string_view>

namespace certbridge::host {

enum class SchemaName : unsigned char {
  kPlugin = 1,
  kConfiguration = 2,
  kRoute = 3,
  kSecrets = 4,
  kIssuers = 5,
  kValidation = 6,
  kLife = 7,
  kUsedType = 8,
  kItems = 9,
  kQueryRoute = 10,
  kAccess = 11,
  kCallers = 12,
  kCertificateType = 13,
};
std::string_view schema_text(SchemaName name);

}  // namespace certbridge::host

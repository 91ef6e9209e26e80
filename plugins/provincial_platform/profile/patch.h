// What one province does differently from the generation that it follows.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "profile/profile.h"
#include "profile/settings.h"

namespace certbridge::provincial_platform {

// What happens to a message that is built (message/transform.h). What a patch changes of tables,
// RecTypes, codes and written forms is in the profile already.
struct Patch {
  std::string name{};
  std::vector<Setting> settings{};
  std::map<std::string, std::string, std::less<>> table_names{};  // profile's name to the wire's
  // Table and attribute to the attribute's name on the wire.
  std::map<std::pair<std::string, std::string>, std::string, std::less<>> attribute_names{};

  std::string wire_table(const std::string& table) const;
  std::string wire_attribute(const std::string& table, const std::string& attribute) const;
};

// Reads a patch file (profiles/patch.xsd describes it) and makes of `profile`, the generation, what
// the province has instead. Changes are made in the order of the file: each may speak of what
// stands above it. Fails with "profile.shape", with file, line and reason; `profile` is of no use
// then.
Result<Patch> parse_patch(std::string_view xml, std::string_view file, Profile& profile);

}  // namespace certbridge::provincial_platform

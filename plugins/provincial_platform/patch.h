// What one province does differently from the generation that it follows.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document.h"
#include "profile.h"

namespace certbridge::provincial_platform {

// A constant of the head, for some RecTypes or for all (empty set).
struct HeadConstant {
  std::string field{};
  std::string value{};
  std::set<std::string> rec_types{};
};

// An attribute that the generation does not have, on every row of a table.
struct ExtraAttribute {
  std::string table{};  // by its name in the profile
  AttributeRule rule{};
};

// A table that some RecTypes have besides those of the generation.
struct ExtraTable {
  std::string table{};
  std::set<std::string> rec_types{};
};

struct Patch {
  std::string name{};
  std::vector<HeadConstant> head{};
  std::vector<ExtraAttribute> attributes{};
  std::vector<ExtraTable> tables{};
  std::map<std::string, std::string, std::less<>> table_names{};  // profile's name to the wire's
  // Table and attribute to the attribute's name on the wire.
  std::map<std::pair<std::string, std::string>, std::string, std::less<>> attribute_names{};

  std::string wire_table(const std::string& table) const;
  std::string wire_attribute(const std::string& table, const std::string& attribute) const;
};

// Reads a patch file (profiles/patch.xsd describes it), which speaks of tables and RecTypes of
// `profile`. Fails with "profile.shape".
Result<Patch> parse_patch(std::string_view xml, std::string_view file, const Profile& profile);

// The profile with the extra attributes and tables, so that facts may have them and the schema
// takes them.
Profile extended(Profile profile, const Patch& patch);
// Constants and names of the province, on a message that is built: the last change before the text.
Document transformed(Document document, const Patch& patch);

}  // namespace certbridge::provincial_platform

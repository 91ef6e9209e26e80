#include "profile/patch.h"

#include "profile/profile_changes.h"
#include "profile/profile_reader.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kPatchNameSpace = "urn:certbridge:provincial-patch:1";

void read_table_name(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                     Patch& patch) {
  reader.expect(element, "rename-table", {"from", "to", "unsure"});
  const std::string from = reader.needed(element, "from");
  if (profile.table(from) == nullptr) reader.fail(element, "the profile has no table " + from);
  if (!patch.table_names.emplace(from, reader.wire_name(element, "to")).second) {
    reader.fail(element, "this table is renamed above");
  }
}

void read_attribute_name(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                         Patch& patch) {
  reader.expect(element, "rename-attribute", {"table", "from", "to", "unsure"});
  const std::string from = reader.needed(element, "from");
  const std::string to = reader.wire_name(element, "to");
  for (const std::string& name : tables_of(reader, element, "table", profile)) {
    const TableRule* table = profile.table(name);
    if (table->find(from) == nullptr) {
      reader.fail(element, "the table " + name + " has no attribute " + from);
    }
    if (table->find(to) != nullptr) {
      reader.fail(element, "the table " + name + " has an attribute of the new name");
    }
    if (!patch.attribute_names.emplace(std::pair(name, from), to).second) {
      reader.fail(element, "this attribute is renamed above");
    }
  }
}

void read_change(ProfileReader& reader, const XmlElement& element, Profile& profile, Patch& patch) {
  if (change_profile(reader, element, profile)) {
    if (element.name == "leave-out") patch.settings.push_back(left_out(element));
    return;
  }
  if (element.name == "set") {
    patch.settings.push_back(read_setting(reader, element, profile));
    return;
  }
  if (!element.children.empty()) reader.fail(element, "it has nothing in it");
  if (element.name == "rename-table") return read_table_name(reader, element, profile, patch);
  if (element.name == "rename-attribute") {
    return read_attribute_name(reader, element, profile, patch);
  }
  reader.fail(element, "this element is not known here");
}

void check_wire_names(ProfileReader& reader, const XmlElement& root, const Profile& profile,
                      const Patch& patch) {
  std::set<std::string> names;
  for (const TableRule& table : profile.tables) {
    if (!names.insert(patch.wire_table(table.name)).second) {
      reader.fail(root, "two tables have the name " + patch.wire_table(table.name));
    }
    std::set<std::string> attributes;
    for (const AttributeRule& rule : table.attributes) {
      if (!attributes.insert(patch.wire_attribute(table.name, rule.name)).second) {
        reader.fail(root, "two attributes of " + table.name + " have the name " +
                              patch.wire_attribute(table.name, rule.name));
      }
    }
  }
}

}  // namespace

std::string Patch::wire_table(const std::string& table) const {
  const auto found = table_names.find(table);
  return found == table_names.end() ? table : found->second;
}

std::string Patch::wire_attribute(const std::string& table, const std::string& attribute) const {
  const auto found = attribute_names.find(std::pair(table, attribute));
  return found == attribute_names.end() ? attribute : found->second;
}

Result<Patch> parse_patch(std::string_view xml, std::string_view file, Profile& profile) {
  auto root = parse_xml(xml, file, kProfileLimits);
  if (!root) return Error::fault("profile.shape", root.error().message);
  ProfileReader reader(file);
  reader.set_name_space(kPatchNameSpace);
  reader.expect(root.value(), "patch", {"name", "profile"});
  Patch patch;
  patch.name = reader.needed(root.value(), "name");
  if (reader.needed(root.value(), "profile") != profile.name) {
    reader.fail(root.value(), "it is a patch of another profile than " + profile.name);
  }
  for (const XmlElement& change : root.value().children) {
    if (reader.error()) break;
    read_change(reader, change, profile, patch);
  }
  if (!reader.error()) check_wire_names(reader, root.value(), profile, patch);
  if (reader.error()) return *reader.error();
  return patch;
}

}  // namespace certbridge::provincial_platform

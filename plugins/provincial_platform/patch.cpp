#include "patch.h"

#include "profile_reader.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kPatchNameSpace = "urn:certbridge:provincial-patch:1";

std::set<std::string> rec_types_of(ProfileReader& reader, const XmlElement& element,
                                   const Profile& profile) {
  std::set<std::string> rec_types;
  for (const std::string& word : words_of(element.attribute_or_empty("rec-types"))) {
    if (!profile.messages.contains(word)) {
      reader.fail(element, "the profile has no RecType " + word);
    }
    rec_types.insert(word);
  }
  return rec_types;
}

const TableRule* table_of(ProfileReader& reader, const XmlElement& element, const char* attribute,
                          const Profile& profile) {
  const TableRule* table = profile.table(element.attribute_or_empty(attribute));
  if (table == nullptr) reader.fail(element, "the profile has no such table");
  return table;
}

void read_head_constant(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                        Patch& patch) {
  reader.expect(element, "head", {"field", "value", "rec-types", "unsure"});
  const std::string field = reader.needed(element, "field");
  bool known = false;
  for (const HeadField& rule : profile.head) known = known || rule.name == field;
  if (!known) reader.fail(element, "the head has no such field");
  if (field == "BizMsgID" || field == "RecType") {
    reader.fail(element, "the number and the RecType of a message are not replaced");
  }
  patch.head.push_back(
      {field, element.attribute_or_empty("value"), rec_types_of(reader, element, profile)});
}

void read_extra_attribute(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                          Patch& patch) {
  reader.expect(element, "attribute",
                {"table", "name", "length", "required", "otherwise", "unsure"});
  const TableRule* table = table_of(reader, element, "table", profile);
  ExtraAttribute extra;
  extra.table = element.attribute_or_empty("table");
  extra.rule.name = reader.wire_name(element, "name");
  extra.rule.length = static_cast<std::size_t>(reader.number(element, "length", 0));
  extra.rule.required = reader.yes(element, "required", false);
  if (element.attribute("otherwise") != nullptr) {
    extra.rule.otherwise = element.attribute_or_empty("otherwise");
  }
  if (table != nullptr && table->find(extra.rule.name) != nullptr) {
    reader.fail(element, "the profile has this attribute already");
  }
  patch.attributes.push_back(std::move(extra));
}

void read_extra_table(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                      Patch& patch) {
  reader.expect(element, "table", {"name", "rec-types", "unsure"});
  table_of(reader, element, "name", profile);
  patch.tables.push_back(
      {element.attribute_or_empty("name"), rec_types_of(reader, element, profile)});
  if (patch.tables.back().rec_types.empty()) reader.fail(element, "rec-types is missing");
}

void read_table_name(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                     Patch& patch) {
  reader.expect(element, "rename-table", {"from", "to", "unsure"});
  table_of(reader, element, "from", profile);
  const std::string from = element.attribute_or_empty("from");
  if (!patch.table_names.emplace(from, reader.wire_name(element, "to")).second) {
    reader.fail(element, "this table is renamed above");
  }
}

void read_attribute_name(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                         Patch& patch) {
  reader.expect(element, "rename-attribute", {"table", "from", "to", "unsure"});
  const TableRule* table = table_of(reader, element, "table", profile);
  const std::string from = element.attribute_or_empty("from");
  const std::string to = reader.wire_name(element, "to");
  if (table != nullptr && table->find(from) == nullptr) {
    reader.fail(element, "the table has no such attribute");
  }
  if (table != nullptr && table->find(to) != nullptr) {
    reader.fail(element, "the table has an attribute of the new name");
  }
  const bool first =
      patch.attribute_names.emplace(std::pair(element.attribute_or_empty("table"), from), to)
          .second;
  if (!first) reader.fail(element, "this attribute is renamed above");
}

void read_change(ProfileReader& reader, const XmlElement& element, const Profile& profile,
                 Patch& patch) {
  if (!element.children.empty()) reader.fail(element, "it has nothing in it");
  if (element.name == "head") return read_head_constant(reader, element, profile, patch);
  if (element.name == "attribute") return read_extra_attribute(reader, element, profile, patch);
  if (element.name == "table") return read_extra_table(reader, element, profile, patch);
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

Result<Patch> parse_patch(std::string_view xml, std::string_view file, const Profile& profile) {
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
    read_change(reader, change, profile, patch);
  }
  check_wire_names(reader, root.value(), profile, patch);
  if (reader.error()) return *reader.error();
  return patch;
}

Profile extended(Profile profile, const Patch& patch) {
  for (const ExtraAttribute& extra : patch.attributes) {
    for (TableRule& table : profile.tables) {
      if (table.name == extra.table) table.attributes.push_back(extra.rule);
    }
  }
  for (const ExtraTable& extra : patch.tables) {
    for (const std::string& rec_type : extra.rec_types) {
      profile.messages.at(rec_type).tables.emplace(extra.table, Occurs::kAny);
    }
  }
  return profile;
}

Document transformed(Document document, const Patch& patch) {
  for (const HeadConstant& constant : patch.head) {
    if (!constant.rec_types.empty() && !constant.rec_types.contains(document.rec_type)) continue;
    for (auto& [name, value] : document.head) {
      if (name == constant.field) value = constant.value;
    }
  }
  for (Row& row : document.rows) {
    for (auto& [name, value] : row.attributes) name = patch.wire_attribute(row.table, name);
    row.table = patch.wire_table(row.table);
  }
  return document;
}

}  // namespace certbridge::provincial_platform

#include "profile/profile_changes.h"

#include <algorithm>
#include <array>

#include "profile/profile_parts.h"

namespace certbridge::provincial_platform {
namespace {

template <class Rule>
Rule* by_name(std::vector<Rule>& rules, const std::string& name) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.name == name; });
  return found == rules.end() ? nullptr : &*found;
}

void change_values(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  apply_values(reader, element, profile.values);
}

void change_identifier(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  apply_repetitions(reader, element, profile.repetitions);
}

void add_field(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  profile.head.push_back(read_head_field(reader, element));
  check_head(reader, element, profile);
}

void change_field(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "change-field",
                {"name", "type", "pattern", "list", "required", "otherwise", "unsure"});
  HeadField* field = by_name(profile.head, reader.needed(element, "name"));
  if (field == nullptr) return reader.fail(element, "the head has no such field");
  apply_field(reader, element, *field);
}

void change_list(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "list", {"name", "label", "instead", "unsure"});
  const std::string name = reader.wire_name(element, "name");
  const bool known = profile.codes.contains(name);
  const bool instead = reader.yes(element, "instead", false);
  if (instead && !known) reader.fail(element, "the profile has no list of this name");
  std::set<std::string>& codes = profile.codes[name];
  if (instead) codes.clear();
  add_codes(reader, element, codes);
}

void add_attribute(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "attribute",
                {"table", "name", "label", "type", "length", "codes", "decimals", "required",
                 "otherwise", "unsure"});
  AttributeRule rule;
  rule.name = reader.wire_name(element, "name");
  apply_attribute(reader, element, profile, rule);
  for (const std::string& name : tables_of(reader, element, "table", profile)) {
    TableRule* table = by_name(profile.tables, name);
    if (table->find(rule.name) != nullptr) {
      reader.fail(element, "the table " + name + " has this attribute already");
    }
    table->attributes.push_back(rule);
  }
}

void change_attribute(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(
      element, "change-attribute",
      {"table", "name", "type", "length", "codes", "decimals", "required", "otherwise", "unsure"});
  const std::string attribute = reader.needed(element, "name");
  for (const std::string& name : tables_of(reader, element, "table", profile)) {
    AttributeRule* rule = by_name(by_name(profile.tables, name)->attributes, attribute);
    if (rule == nullptr) {
      return reader.fail(element, "the table " + name + " has no attribute " + attribute);
    }
    apply_attribute(reader, element, profile, *rule);
  }
}

// Where `after` or `before` says; refused unless it is one of them and such a table is there.
std::vector<TableRule>::iterator table_place(ProfileReader& reader, const XmlElement& element,
                                             Profile& profile) {
  const std::string after = element.attribute_or_empty("after");
  const std::string before = element.attribute_or_empty("before");
  if (after.empty() == before.empty()) reader.fail(element, "it has either after or before");
  const TableRule* neighbour = by_name(profile.tables, after + before);
  if (neighbour == nullptr) {
    reader.fail(element, "the profile has no other table " + after + before);
    return profile.tables.end();
  }
  return profile.tables.begin() + (neighbour - profile.tables.data()) + (after.empty() ? 0 : 1);
}

void add_table(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "table", {"name", "label", "after", "before", "unsure"});
  TableRule table = read_table(reader, element, profile);
  if (table.attributes.empty()) reader.fail(element, "a table has attributes");
  profile.tables.insert(table_place(reader, element, profile), std::move(table));
}

void move_table(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "move-table", {"name", "after", "before", "unsure"});
  const std::string name = reader.needed(element, "name");
  TableRule* found = by_name(profile.tables, name);
  if (found == nullptr) return reader.fail(element, "the profile has no table " + name);
  TableRule table = std::move(*found);
  profile.tables.erase(profile.tables.begin() + (found - profile.tables.data()));
  profile.tables.insert(table_place(reader, element, profile), std::move(table));
}

void change_message(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "change-message", {"rec-types", "one", "some", "any", "none", "unsure"});
  const std::set<std::string> rec_types = rec_types_of(reader, element, profile);
  if (rec_types.empty()) return reader.fail(element, "the attribute rec-types is missing or empty");
  const auto change = [&](const char* attribute, std::optional<Occurs> occurs) {
    if (element.attribute(attribute) == nullptr) return;
    for (const std::string& table : tables_of(reader, element, attribute, profile)) {
      for (const std::string& rec_type : rec_types) {
        MessageRule& rule = profile.messages.find(rec_type)->second;
        if (table == rule.right) {
          reader.fail(element, table + " is the right of " + rec_type + " and stays");
        }
        if (!occurs && rule.tables.erase(table) == 0) {
          reader.fail(element, "messages " + rec_type + " do not have the table " + table);
        }
        if (occurs) rule.tables[table] = *occurs;
      }
    }
  };
  if (reader.error()) return;
  change("none", std::nullopt);
  change("one", Occurs::kOne);
  change("some", Occurs::kSome);
  change("any", Occurs::kAny);
}

// The facts may go on having it; a setting without parts takes it out of what is built.
void leave_out(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  reader.expect(element, "leave-out", {"table", "attribute", "unsure"});
  const std::string attribute = reader.needed(element, "attribute");
  for (const std::string& name : tables_of(reader, element, "table", profile)) {
    AttributeRule* rule = by_name(by_name(profile.tables, name)->attributes, attribute);
    if (rule == nullptr) {
      return reader.fail(element, "the table " + name + " has no attribute " + attribute);
    }
    rule->required = false;
  }
}

struct Change {
  const char* element;
  void (*make)(ProfileReader& reader, const XmlElement& element, Profile& profile);
  bool children;  // whether there are elements in it
};

constexpr std::array kChanges{Change{"values", &change_values, false},
                              Change{"identifier", &change_identifier, false},
                              Change{"field", &add_field, false},
                              Change{"change-field", &change_field, false},
                              Change{"list", &change_list, true},
                              Change{"attribute", &add_attribute, false},
                              Change{"change-attribute", &change_attribute, false},
                              Change{"leave-out", &leave_out, false},
                              Change{"table", &add_table, true},
                              Change{"move-table", &move_table, false},
                              Change{"message", &read_message, false},
                              Change{"change-message", &change_message, false}};

}  // namespace

bool change_profile(ProfileReader& reader, const XmlElement& element, Profile& profile) {
  const auto change = std::find_if(kChanges.begin(), kChanges.end(), [&](const Change& known) {
    return known.element == element.name;
  });
  if (change == kChanges.end()) return false;
  if (!change->children && !element.children.empty()) {
    reader.fail(element, "it has nothing in it");
  } else {
    change->make(reader, element, profile);
  }
  return true;
}

std::set<std::string> rec_types_of(ProfileReader& reader, const XmlElement& element,
                                   const Profile& profile) {
  std::set<std::string> rec_types;
  for (std::string& word : words_of(element.attribute_or_empty("rec-types"))) {
    if (!profile.messages.contains(word)) {
      reader.fail(element, "the profile has no RecType " + word);
    }
    rec_types.insert(std::move(word));
  }
  return rec_types;
}

std::vector<std::string> tables_of(ProfileReader& reader, const XmlElement& element,
                                   const char* attribute, const Profile& profile) {
  std::vector<std::string> tables = words_of(element.attribute_or_empty(attribute));
  if (tables.empty()) reader.fail(element, std::string(attribute) + " names no table");
  for (const std::string& table : tables) {
    if (profile.table(table) == nullptr) reader.fail(element, "the profile has no table " + table);
  }
  if (reader.error()) tables.clear();
  return tables;
}

}  // namespace certbridge::provincial_platform

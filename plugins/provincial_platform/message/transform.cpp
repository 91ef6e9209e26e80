#include "message/transform.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "certbridge/text.h"

namespace certbridge::provincial_platform {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

const std::string* value_of(const Values& values, const std::string& name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& value) { return value.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

std::string cut(const ValuePart& part, const std::string& whole) {
  auto characters = decode_utf8(whole).value_or(std::u32string());
  if (part.digits) {
    std::erase_if(characters, [](char32_t c) { return c < U'0' || c > U'9'; });
  }
  if (part.first > 0) characters = characters.substr(0, part.first);
  if (part.last > 0 && characters.size() > part.last) {
    characters = characters.substr(characters.size() - part.last);
  }
  if (!characters.empty() && characters.size() < part.width) {
    characters.insert(0, part.width - characters.size(), U'0');
  }
  return encode_utf8(characters);
}

std::string part_text(const ValuePart& part, const Document& built, const Row* row) {
  if (part.source == ValuePart::Source::kText) return part.name;
  const bool head = part.source == ValuePart::Source::kField;
  const std::string* whole = value_of(head ? built.head : row->attributes, part.name);
  return whole == nullptr ? std::string() : cut(part, *whole);
}

// Nothing when a part is empty or there is none.
std::optional<std::string> new_value(const Setting& setting, const Document& built,
                                     const Row* row) {
  if (const std::string* text = fixed_text(setting)) return *text;
  if (setting.parts.empty()) return std::nullopt;
  std::string value;
  for (const ValuePart& part : setting.parts) {
    const std::string text = part_text(part, built, row);
    if (text.empty()) return std::nullopt;
    value += text;
  }
  return value;
}

void put(Values& values, const std::string& name, std::optional<std::string> value) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& known) { return known.first == name; });
  if (found == values.end()) {
    if (value) values.emplace_back(name, std::move(*value));
  } else if (value) {
    found->second = std::move(*value);
  } else {
    values.erase(found);
  }
}

bool fits_value(const Setting& setting, const std::string* built) {
  return !setting.when || *setting.when == (built == nullptr ? std::string() : *built);
}

void set_row(Row& row, const Document& built, const Row& from,
             const std::vector<Setting>& settings) {
  std::set<std::string> done;
  for (const Setting& setting : settings) {
    const bool meant = sets_attribute(setting, row.table, setting.attribute, built.rec_type);
    if (!meant || !fits_value(setting, value_of(from.attributes, setting.attribute))) continue;
    if (!done.insert(setting.attribute).second) continue;
    put(row.attributes, setting.attribute, new_value(setting, built, &from));
  }
}

void set_head(Document& document, const Document& built, const std::vector<Setting>& settings) {
  std::set<std::string> done;
  for (const Setting& setting : settings) {
    const bool meant = sets_field(setting, setting.field, built.rec_type);
    if (!meant || !fits_value(setting, value_of(built.head, setting.field))) continue;
    if (!done.insert(setting.field).second) continue;
    put(document.head, setting.field, new_value(setting, built, nullptr));
  }
}

Document with_settings(Document built, const std::vector<Setting>& settings) {
  Document document = built;
  set_head(document, built, settings);
  for (std::size_t i = 0; i < document.rows.size(); ++i) {
    set_row(document.rows[i], built, built.rows[i], settings);
  }
  return document;
}

}  // namespace

Document transformed(Document document, const Patch& patch) {
  Document sent = with_settings(std::move(document), patch.settings);
  for (Row& row : sent.rows) {
    for (auto& [name, value] : row.attributes) name = patch.wire_attribute(row.table, name);
    row.table = patch.wire_table(row.table);
  }
  return sent;
}

}  // namespace certbridge::provincial_platform

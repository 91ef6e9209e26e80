#include "case_rows.h"

#include <algorithm>
#include <regex>

#include "certbridge/text.h"

namespace certbridge::registration {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string trimmed(std::string_view text) {
  static constexpr std::string_view kWideBlank = "\xE3\x80\x80";
  while (true) {
    if (!text.empty() && is_blank(text.front())) {
      text.remove_prefix(1);
    } else if (!text.empty() && is_blank(text.back())) {
      text.remove_suffix(1);
    } else if (text.starts_with(kWideBlank)) {
      text.remove_prefix(kWideBlank.size());
    } else if (text.ends_with(kWideBlank)) {
      text.remove_suffix(kWideBlank.size());
    } else {
      return std::string(text);
    }
  }
}

std::string without_blanks(const std::string& text) {
  std::string out = folded(text);
  out.erase(std::remove_if(out.begin(), out.end(), is_blank), out.end());
  return out;
}

std::string before(const std::string& text, const std::string& mark) {
  return mark.empty() ? text : text.substr(0, text.find(mark));
}

// One value: cleaned, translated by its table. An empty result means that there is nothing.
Result<std::string> map_value(const Record& record, const FieldMapping& field, const CaseRow& row,
                              const Mapping& mapping) {
  std::string value = trimmed(with_line_feeds(record.text_or_empty(field.column)));
  const auto& nothing = mapping.placeholders;
  if (std::find(nothing.begin(), nothing.end(), value) != nothing.end()) value.clear();
  if (value.empty()) value = field.fallback;
  if (field.no_blanks) value = without_blanks(value);
  if (value.empty() || field.table.empty()) return before(value, field.until);
  const CodeTable& table = mapping.tables.at(field.table);
  const auto meaning = table.find(folded(value));
  if (meaning != table.end()) return before(meaning->second, field.until);
  return Error::permanent("registration.unmapped_code",
                          row.place(field.field) + ": a code of " + std::to_string(value.size()) +
                              " characters is not in the table " + field.table +
                              "; add it to the mapping file or mend the record");
}

Result<CaseRow> map_row(const Record& record, const SetMapping& set, std::size_t number,
                        const Mapping& mapping) {
  CaseRow row;
  row.set = &set;
  row.number = number;
  for (const FieldMapping& field : set.fields) {
    auto value = map_value(record, field, row, mapping);
    if (!value) return value.error();
    if (value.value().empty() && field.required) {
      return Error::retryable("registration.incomplete",
                              row.place(field.field) + ": nothing there yet");
    }
    row.fields[field.field] = std::move(value).value();
  }
  return row;
}

}  // namespace

const std::string& CaseRow::text(std::string_view field) const {
  static const std::string nothing;
  const auto found = fields.find(field);
  return found == fields.end() ? nothing : found->second;
}

std::string CaseRow::place(std::string_view field) const {
  const auto& fields_of_set = set->fields;
  const auto found =
      std::find_if(fields_of_set.begin(), fields_of_set.end(),
                   [&](const FieldMapping& candidate) { return candidate.field == field; });
  return set->called + " row " + std::to_string(number) + ", column " +
         (found == fields_of_set.end() ? std::string(field) : found->column);
}

std::string place_for_clerks(const std::string& message) {
  static const std::regex kPlace(R"((\S+) row (\d+), column ([^\s:]+))");
  std::smatch found;
  if (!std::regex_search(message, found, kPlace)) return "登记信息";
  return found[1].str() + "." + found[3].str() + "，第" + found[2].str() + "行";
}

const std::vector<CaseRow>& CaseRows::set(std::string_view name) const {
  static const std::vector<CaseRow> none;
  const auto found = sets.find(name);
  return found == sets.end() ? none : found->second;
}

Result<CaseRows> map_rows(const std::vector<RecordSet>& answer, const Mapping& mapping,
                          std::string_view only) {
  CaseRows rows;
  for (const SetMapping& set : mapping.sets) {
    if (!only.empty() && set.name != only) continue;
    const auto given = std::find_if(answer.begin(), answer.end(),
                                    [&](const RecordSet& one) { return one.name == set.query; });
    if (given == answer.end()) {
      return Error::fault("registration.mapping", "the snapshot has no query `" + set.query +
                                                      "`, which the mapping file needs");
    }
    for (const Record& record : given->records) {
      auto row = map_row(record, set, rows.sets[set.name].size() + 1, mapping);
      if (!row) return row.error();
      rows.sets[set.name].push_back(std::move(row).value());
    }
  }
  return rows;
}

std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0xEF && i + 2 < text.size()) {
      const unsigned code = ((byte & 0x0FU) << 12) |
                            ((static_cast<unsigned char>(text[i + 1]) & 0x3FU) << 6) |
                            (static_cast<unsigned char>(text[i + 2]) & 0x3FU);
      if (code >= 0xFF01 && code <= 0xFF5E) {
        out.push_back(static_cast<char>(code - 0xFEE0));
        i += 3;
        continue;
      }
    }
    if (text.substr(i, 3) == "\xE3\x80\x80") {
      out.push_back(' ');
      i += 3;
      continue;
    }
    out.push_back(text[i++]);
  }
  return trimmed(out);
}

}  // namespace certbridge::registration

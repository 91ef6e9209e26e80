#include "message/builder.h"

#include <algorithm>

#include "certbridge/text.h"
#include "message/values.h"
#include "profile/finding.h"

namespace certbridge::provincial_platform {
namespace {

// A name that came with the facts, where it is one: anything else may be somebody's.
std::string shown(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  constexpr std::ptrdiff_t kMostDigits = 5;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool plain = std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
  });
  const bool short_number = std::count_if(name.begin(), name.end(), is_digit) <= kMostDigits;
  return plain && short_number && name.size() <= kLongest ? name : "(no name)";
}

// Characters, not bytes: half of one would be no text, and nothing could be said of its place.
std::string first_characters(const std::string& text, std::size_t count) {
  const auto characters = decode_utf8(text);
  if (!characters) return text;
  return encode_utf8(std::u32string_view(*characters).substr(0, count));
}

class Builder {
 public:
  Builder(const Profile& profile, const MessageRule& rule, const Booked& booked)
      : profile_(profile), rule_(rule), booked_(booked) {}

  Result<Document> build() {
    document_.rec_type = rule_.rec_type;
    build_head();
    refuse_unknown();
    for (const TableRule& table : profile_.tables) {
      if (rule_.tables.contains(table.name)) build_table(table);
    }
    check_agreement();
    if (findings_.empty()) return std::move(document_);
    return error_of("provincial.facts",
                    "no message " + rule_.rec_type + " can be made of the facts", findings_);
  }

 private:
  void build_head() {
    for (const HeadField& field : profile_.head) {
      std::optional<std::string> value = head_value(field);
      if (!value && field.otherwise) value = field.otherwise;
      if (value || field.required) document_.head.emplace_back(field.name, value.value_or(""));
    }
    for (const auto& [name, value] : booked_.head.fields) {
      const bool known =
          name == "rectype" ||
          std::any_of(profile_.head.begin(), profile_.head.end(),
                      [&name = name](const HeadField& it) { return lower_case(it.name) == name; });
      if (!known && value) find("head", 0, shown(name), "is no field of the head");
    }
  }

  std::optional<std::string> head_value(const HeadField& field) {
    switch (field.source) {
      case HeadField::Source::kConstant:
        return field.text;
      case HeadField::Source::kMessageId:
        return std::string();
      case HeadField::Source::kRecType:
        return rule_.rec_type;
      case HeadField::Source::kField: {
        const std::string whole = booked_.head.text_or_empty(lower_case(field.text));
        return field.characters == 0 ? whole : first_characters(whole, field.characters);
      }
      case HeadField::Source::kFact:
        break;
    }
    const std::string fact = booked_.head.text_or_empty(lower_case(field.name));
    if (fact.empty()) return std::nullopt;
    return head_fact(field, fact);
  }

  std::string head_fact(const HeadField& field, const std::string& fact) {
    if (fact.find_first_of("\r\n\t") != std::string::npos) {
      find("head", 0, field.name, "has a line end or a tab");
    }
    const WireValue value = wire_value(field.type, fact, profile_.values.decimals, {});
    if (!value.broken.empty()) find("head", 0, field.name, value.broken);
    return field.list ? separated(value.text) : value.text;
  }

  std::string separated(const std::string& list) const {
    std::string text;
    for (const char c : list) {
      if (c == ',') {
        text += profile_.values.separator;
      } else {
        text += c;
      }
    }
    return text;
  }

  void refuse_unknown() {
    for (const auto& [table, rows] : booked_.tables) {
      if (!rule_.tables.contains(table)) {
        find(shown(table), 0, "", "messages " + rule_.rec_type + " do not have this table");
      }
    }
  }

  void build_table(const TableRule& table) {
    std::size_t number = 0;
    for (const Record& record : booked_.rows(table.name)) {
      Row row{table.name, {}};
      ++number;
      for (const AttributeRule& rule : table.attributes) {
        if (auto value = attribute_value(rule, record, table.name, number)) {
          row.attributes.emplace_back(rule.name, std::move(*value));
        }
      }
      refuse_unknown_fields(table, record, number);
      document_.rows.push_back(std::move(row));
    }
  }

  std::optional<std::string> attribute_value(const AttributeRule& rule, const Record& record,
                                             const std::string& table, std::size_t row) {
    const std::string fact = record.text_or_empty(lower_case(rule.name));
    if (fact.empty()) return stand_in(rule);
    const int decimals = rule.decimals < 0 ? profile_.values.decimals : rule.decimals;
    WireValue value = wire_value(rule.type, fact, decimals, profile_.values.time_suffix);
    if (!value.broken.empty()) find(table, row, rule.name, value.broken);
    return std::move(value.text);
  }

  std::optional<std::string> stand_in(const AttributeRule& rule) const {
    if (rule.otherwise) return rule.otherwise;
    const bool plain = rule.type == ValueType::kText && rule.codes.empty();
    if (!rule.required || !plain || profile_.values.placeholder.empty()) return std::nullopt;
    return profile_.values.placeholder;
  }

  void refuse_unknown_fields(const TableRule& table, const Record& record, std::size_t row) {
    for (const auto& [name, value] : record.fields) {
      const bool known = std::any_of(
          table.attributes.begin(), table.attributes.end(),
          [&name = name](const AttributeRule& rule) { return lower_case(rule.name) == name; });
      if (!known && value && !value->empty())
        find(table.name, row, shown(name), "is no attribute here");
    }
  }

  std::string head_text(std::string_view name) const {
    for (const auto& [field, value] : document_.head) {
      if (field == name) return value;
    }
    return {};
  }

  // Rules of the access guide: RecFlowID is the case number of Data, EstateNum the unit of the
  // right; one of several units of a case has its position behind the case number.
  void check_agreement() {
    const std::string flow = head_text("RecFlowID");
    const std::string unit = head_text("EstateNum");
    const std::string reg_type = head_text("RegType");
    for (const Record& right : booked_.rows(rule_.right)) {
      const std::string case_number = right.text_or_empty("ywh");
      const bool same = flow == case_number || flow.starts_with(case_number + "-");
      if (!case_number.empty() && !same) find(rule_.right, 1, "YWH", "is not the head's RecFlowID");
      const std::string own = right.text_or_empty("bdcdyh");
      if (!own.empty() && own != unit)
        find(rule_.right, 1, "BDCDYH", "is not the head's EstateNum");
    }
    if (!rule_.any_reg_type && !reg_type.empty() && reg_type.front() != rule_.rec_type.front()) {
      find("head", 0, "RegType", "does not go with the RecType");
    }
  }

  void find(std::string table, std::size_t row, std::string attribute, std::string rule) {
    findings_.push_back({std::move(table), row, std::move(attribute), std::move(rule)});
  }

  const Profile& profile_;
  const MessageRule& rule_;
  const Booked& booked_;
  Document document_{};
  std::vector<Finding> findings_{};
};

Error no_rec_type(const std::string& why) {
  return Error::permanent("provincial.rec_type",
                          "the kind of message is not clear: " + why +
                              "; check registration type and tables of the booking");
}

}  // namespace

Result<std::string> rec_type_of(const Profile& profile, const Booked& booked) {
  const std::string given = booked.head.text_or_empty("rectype");
  if (!given.empty()) {
    if (profile.messages.contains(given)) return given;
    return no_rec_type("the profile " + profile.name + " has no such RecType");
  }
  const std::string reg_type = booked.head.text_or_empty("regtype");
  if (reg_type.empty()) return no_rec_type("the head has no registration type");
  std::vector<std::string> found;
  for (const auto& [rec_type, rule] : profile.messages) {
    const bool type_fits = rule.any_reg_type || rec_type.front() == reg_type.front();
    if (type_fits && !booked.rows(rule.right).empty()) found.push_back(rec_type);
  }
  if (found.size() == 1) return found.front();
  return no_rec_type(found.empty() ? "no table of a right goes with the registration type"
                                   : "there are tables of several rights");
}

Result<Document> build_document(const Profile& profile, const Booked& booked) {
  const auto rec_type = rec_type_of(profile, booked);
  if (!rec_type) return rec_type.error();
  return Builder(profile, profile.messages.at(rec_type.value()), booked).build();
}

}  // namespace certbridge::provincial_platform

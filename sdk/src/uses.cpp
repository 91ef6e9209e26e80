#include "certbridge/uses.h"

#include <charconv>

#include "certificate_words.h"
#include "query_words.h"

namespace certbridge {
namespace {

using namespace query;

constexpr std::array<std::string_view, 3> kUsedByWords{"ourselves", "others", "unknown"};

Result<std::size_t> read_limit(const XmlElement& at) {
  const std::string text = at.attribute_or_empty("limit");
  std::size_t limit = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (problem == std::errc() && end == text.data() + text.size() && limit > 0 &&
      limit <= kMostOfAUsesPage) {
    return limit;
  }
  return wrong_value(at, "limit is 1 to 1000");
}

Result<LoggedUse> read_use(const XmlElement& at) {
  const Shape shape{{"by"}, {"unit", "type-code", "issuer-code", "purpose", "kind", "result"}, {}};
  if (auto checked = check_shape(at, shape); !checked) return checked.error();
  const auto by = value_of<UsedBy>(at.attribute_or_empty("by"), kUsedByWords);
  if (!by) return wrong_value(at, "a use is by ourselves, others or unknown");
  return LoggedUse{*by,
                   at.attribute_or_empty("unit"),
                   at.attribute_or_empty("type-code"),
                   at.attribute_or_empty("issuer-code"),
                   at.attribute_or_empty("purpose"),
                   at.attribute_or_empty("kind"),
                   at.attribute_or_empty("result")};
}

struct UsageMember {
  const char* name;
  std::string UsageRow::*value;
};
constexpr std::array<UsageMember, 9> kUsageMembers{{{"period", &UsageRow::period},
                                                    {"issuer-code", &UsageRow::issuer_code},
                                                    {"unit", &UsageRow::unit},
                                                    {"type-code", &UsageRow::type_code},
                                                    {"purpose", &UsageRow::purpose},
                                                    {"source", &UsageRow::source},
                                                    {"kind", &UsageRow::kind},
                                                    {"result", &UsageRow::result},
                                                    {"number", &UsageRow::number}}};

}  // namespace

std::string to_word(UsedBy by) { return word_of(by, kUsedByWords); }

std::string write_uses_question(const UsesQuestion& question) {
  return opened("uses-of") + attribute("day", date_text(question.day)) +
         attribute("after", question.after) + attribute("limit", std::to_string(question.limit)) +
         "/>";
}

Result<UsesQuestion> parse_uses_question(std::string_view xml) {
  const auto root = read_root(xml, "uses-of", {{"day", "limit"}, {"after"}, {}});
  if (!root) return root.error();
  const auto day = parse_date(root.value().attribute_or_empty("day"));
  if (!day) return wrong_value(root.value(), "day is a day as 2026-11-24");
  const auto limit = read_limit(root.value());
  if (!limit) return limit.error();
  return UsesQuestion{*day, root.value().attribute_or_empty("after"), limit.value()};
}

std::string write_uses(const UsesPage& page) {
  std::string xml =
      opened("uses") + flag("offered", page.offered) + attribute("next", page.next) + ">";
  for (const LoggedUse& it : page.uses) {
    xml += "<use" + attribute("by", to_word(it.by)) + attribute("unit", it.unit) +
           attribute("type-code", it.type_code) + attribute("issuer-code", it.issuer_code) +
           attribute("purpose", it.purpose) + attribute("kind", it.kind) +
           attribute("result", it.result) + "/>";
  }
  return xml + "</uses>";
}

Result<UsesPage> parse_uses(std::string_view xml) {
  const auto root = read_root(xml, "uses", {{}, {"offered", "next"}, {"use"}});
  if (!root) return root.error();
  const auto offered = read_flag(root.value(), "offered");
  if (!offered) return offered.error();
  UsesPage page{offered.value(), {}, root.value().attribute_or_empty("next")};
  for (const XmlElement& child : root.value().children) {
    if (page.uses.size() == kMostOfAUsesPage) {
      return wrong_value(child, "more than 1000 <use>");
    }
    auto use = read_use(child);
    if (!use) return use.error();
    page.uses.push_back(std::move(use).value());
  }
  return page;
}

std::string write_usage_rows(const std::vector<UsageRow>& rows) {
  std::string xml = opened("usage") + ">";
  for (const UsageRow& row : rows) {
    xml += "<row";
    for (const UsageMember& one : kUsageMembers) xml += attribute(one.name, row.*one.value);
    xml += "/>";
  }
  return xml + "</usage>";
}

Result<std::vector<UsageRow>> parse_usage_rows(std::string_view xml) {
  const auto root = read_root(xml, "usage", {{}, {}, {"row"}});
  if (!root) return root.error();
  std::vector<UsageRow> rows;
  const Shape shape{{"period", "number"},
                    {"issuer-code", "unit", "type-code", "purpose", "source", "kind", "result"},
                    {}};
  for (const XmlElement& child : root.value().children) {
    if (auto checked = check_shape(child, shape); !checked) return checked.error();
    if (rows.size() == kMostOfAUsesPage) return wrong_value(child, "more than 1000 <row>");
    UsageRow& row = rows.emplace_back();
    for (const UsageMember& one : kUsageMembers) {
      row.*one.value = child.attribute_or_empty(one.name);
    }
  }
  return rows;
}

}  // namespace certbridge

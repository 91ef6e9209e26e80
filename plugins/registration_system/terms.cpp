#include "terms.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "dates.h"

namespace certbridge::registration {
namespace {

const CaseRow* right_named(const CaseRows& rows, const std::string& id) {
  const auto& rights = rows.set("rights");
  const auto found = std::find_if(rights.begin(), rights.end(),
                                  [&](const CaseRow& right) { return right.text("id") == id; });
  return found == rights.end() ? nullptr : &*found;
}

std::string text_of(std::chrono::year_month_day day) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}

}  // namespace

std::string end_of_term(const Mapping& mapping, const CaseRows& rows,
                        const std::string& certificate_id) {
  if (mapping.term_ends.empty()) return {};
  std::optional<std::chrono::year_month_day> earliest;
  for (const CaseRow& item : rows.set("items")) {
    if (item.text("certificate") != certificate_id) continue;
    const CaseRow* right = right_named(rows, item.text("right"));
    if (right == nullptr) return {};
    const auto day = parse_day(right->text(mapping.term_ends), "");
    if (!day) return {};
    if (!earliest || day.value() < *earliest) earliest = day.value();
  }
  return earliest ? text_of(*earliest) : std::string();
}

}  // namespace certbridge::registration

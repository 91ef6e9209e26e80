#include <algorithm>
#include <array>
#include <set>

#include "access/policy/access_times.h"
#include "access/policy/certificate_fields.h"
#include "access/policy/disclosure.h"
#include "access/policy/disclosure_list.h"
#include "access/policy/same_holder.h"
#include "certbridge/text.h"

namespace certbridge::host {
namespace {

constexpr std::array<std::string_view, 3> kWords{"same", "different", "not-on-certificate"};
constexpr std::string_view kSeparators = ",;";

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// "2026年1月2日", "2026/1/2", "2026.1.2" and "20260102" as "2026-01-02"; others as they are.
std::string with_plain_date(const std::string& folded) {
  std::string text = folded;
  for (const char* separator : {"年", "月", "/", "."}) replace_all(text, separator, "-");
  replace_all(text, "日", "");
  std::array<std::string, 3> parts{};
  std::size_t part = 0;
  for (const char c : text) {
    if (c == '-' && ++part == parts.size()) return folded;
    if (c != '-') parts[part] += c;
  }
  if (part == 0 && text.size() == 8) parts = {text.substr(0, 4), text.substr(4, 2), text.substr(6)};
  for (std::size_t at = 1; at < parts.size(); ++at) {
    if (parts[at].size() == 1) parts[at].insert(0, "0");
  }
  std::string date = parts[0] + "-" + parts[1] + "-" + parts[2];
  return parse_day(date) ? date : folded;
}

std::string comparable(std::string_view value) { return with_plain_date(comparable_code(value)); }

// Several names are printed in one field, in any order.
std::multiset<std::string> split(std::string_view value) {
  std::string text = fold_width_and_blanks(value);
  replace_all(text, "、", ",");
  std::multiset<std::string> parts;
  std::size_t from = 0;
  while (from <= text.size()) {
    const auto until = std::min(text.find_first_of(kSeparators, from), text.size());
    if (until > from) parts.insert(comparable(text.substr(from, until - from)));
    from = until + 1;
  }
  return parts;
}

// What the certificate has under that name; several for several holders.
std::vector<std::string> values_of(const FoundCertificate& found, std::string_view name) {
  std::vector<std::string> values;
  const auto add = [&](const std::string& value) {
    if (!value.empty()) values.push_back(value);
  };
  for (const TextMember& one : text_members()) {
    if (one.name == name) add(found.*one.member);
  }
  for (const QueriedHolder& holder : found.holders) {
    if (name == kHolderName) add(holder.name);
    if (name == kHolderCode) add(holder.code);
  }
  if (is_member_name(name)) return values;
  for (const FoundCertificate::Field& field : found.fields) {
    if (field.name == name) add(field.value);
  }
  return values;
}

FieldComparison compare_values(const std::vector<std::string>& held, const std::string& printed) {
  if (held.empty()) return FieldComparison::kNotOnCertificate;
  if (held.size() == 1 && comparable(held.front()) == comparable(printed)) {
    return FieldComparison::kSame;
  }
  std::multiset<std::string> parts;
  for (const std::string& value : held) parts.merge(split(value));
  return parts == split(printed) ? FieldComparison::kSame : FieldComparison::kDifferent;
}

}  // namespace

std::string to_word(FieldComparison result) {
  const auto index = static_cast<std::size_t>(result) - 1;
  return index < kWords.size() ? std::string(kWords[index]) : std::string();
}

std::vector<ComparedField> compare(const AccessPolicy& policy, const Permission& permission,
                                   const FoundCertificate& found,
                                   const std::vector<FoundCertificate::Field>& printed) {
  const auto* listed = disclosure_list(policy, permission, found);
  std::vector<ComparedField> compared;
  for (const FoundCertificate::Field& field : printed) {
    if (compared.size() == kMostFoundFields) break;
    const bool may = listed != nullptr && listed->find(field.name) != listed->end();
    compared.push_back({field.name, may ? compare_values(values_of(found, field.name), field.value)
                                        : FieldComparison::kNotOnCertificate});
  }
  return compared;
}

}  // namespace certbridge::host

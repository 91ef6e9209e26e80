#include "face.h"

#include <algorithm>

#include "dates.h"

namespace certbridge::registration {
namespace {

using Rights = std::vector<const CaseRow*>;

void append_distinct(std::vector<std::string>& values, std::string value) {
  if (value.empty() || std::find(values.begin(), values.end(), value) != values.end()) return;
  values.push_back(std::move(value));
}

std::string joined(const std::vector<std::string>& values, const std::string& separator) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : separator) + value;
  return text;
}

Result<std::string> day_of(const CaseRow& right, const std::string& field) {
  auto day = parse_day(right.text(field), right.place(field));
  if (!day) return day.error();
  return printed_day(day.value());
}

// "2012年05月01日起2082年04月30日止"; one end alone when the record has only that.
Result<std::string> period_of(const FaceLine& line, const CaseRow& right) {
  std::string text;
  for (const auto& [field, behind] : {std::pair(line.from, line.begins), {line.to, line.ends}}) {
    if (right.text(field).empty()) continue;
    auto day = day_of(right, field);
    if (!day) return day;
    text += day.value() + behind;
  }
  return text;
}

Result<std::string> content_of_line(const FaceLine& line, const CaseRow& right) {
  if (line.form == LineForm::kPeriod) return period_of(line, right);
  if (right.text(line.from).empty()) return std::string();
  if (line.form == LineForm::kDay) return day_of(right, line.from);
  return right.text(line.from) + line.unit;
}

Result<std::string> lines_of(const FaceRule& rule, const CaseRow& right) {
  std::string text;
  for (const FaceLine& line : rule.lines) {
    auto content = content_of_line(line, right);
    if (!content) return content;
    if (content.value().empty()) continue;
    const bool labelled = line.label_from.empty() || !right.text(line.label_from).empty();
    text += text.empty() ? "" : "\n";
    if (labelled) text += right.text(line.label_from) + line.label;
    text += content.value();
  }
  return text;
}

Result<std::string> value_of(const FaceRule& rule, const CaseRow& right) {
  const std::string& given = right.text(rule.from);
  if (rule.lines.empty() || !given.empty()) return given;
  return lines_of(rule, right);
}

}  // namespace

Result<std::vector<FaceItem>> assemble_face(const Mapping& mapping, CertificateKind kind,
                                            const Rights& rights) {
  std::vector<FaceItem> face;
  for (const FaceRule& rule : mapping.face) {
    if (!(kind == CertificateKind::kTitle ? rule.on_title : rule.on_proof)) continue;
    std::vector<std::string> values;
    for (const CaseRow* right : rights) {
      auto value = value_of(rule, *right);
      if (!value) return value.error();
      append_distinct(values, std::move(value).value());
    }
    std::string text = joined(values, rule.join.empty() ? "；" : rule.join);
    if (!text.empty()) face.push_back({rule.key, std::move(text)});
  }
  return face;
}

}  // namespace certbridge::registration

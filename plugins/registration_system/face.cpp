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

// "国有建设用地使用权 2012年05月01日起2082年04月30日止"; empty when the right has no term.
Result<std::string> term_of(const CaseRow& right) {
  const std::string& from = right.text("term-from");
  const std::string& to = right.text("term-to");
  if (from.empty() && to.empty()) return std::string();
  const std::string& name = right.text("right-type-name");
  std::string text = name.substr(0, name.find('/'));
  if (!text.empty()) text += " ";
  if (!from.empty()) {
    auto day = parse_day(from, right.place() + ", term-from");
    if (!day) return day.error();
    text += printed_day(day.value()) + "起";
  }
  if (!to.empty()) {
    auto day = parse_day(to, right.place() + ", term-to");
    if (!day) return day.error();
    text += printed_day(day.value()) + "止";
  }
  return text;
}

void add_line(std::vector<std::string>& lines, const std::string& label, const std::string& value,
              const std::string& unit) {
  if (!value.empty()) lines.push_back(label + value + unit);
}

Result<std::string> circumstances_of(const CaseRow& right) {
  if (!right.text("other").empty()) return right.text("other");
  std::vector<std::string> lines;
  add_line(lines, "专有建筑面积：", right.text("own-area"), "㎡");
  add_line(lines, "分摊建筑面积：", right.text("shared-area"), "㎡");
  add_line(lines, "房屋结构：", right.text("structure"), "");
  add_line(lines, "房屋总层数：", right.text("floors"), "层");
  add_line(lines, "所在层：", right.text("floor"), "层");
  if (!right.text("completed").empty()) {
    auto day = parse_day(right.text("completed"), right.place() + ", completed");
    if (!day) return day.error();
    add_line(lines, "竣工时间：", printed_day(day.value()), "");
  }
  return joined(lines, "\n");
}

Result<std::string> mortgage_of(const CaseRow& right) {
  std::vector<std::string> lines;
  add_line(lines, "不动产权证书号：", right.text("previous"), "");
  add_line(lines, "抵押方式：", right.text("mortgage-kind"), "");
  add_line(lines, "担保债权的数额：", right.text("amount"), "元");
  const std::string& from = right.text("debt-from");
  const std::string& to = right.text("debt-to");
  if (!from.empty() && !to.empty()) {
    auto begins = parse_day(from, right.place() + ", debt-from");
    if (!begins) return begins.error();
    auto ends = parse_day(to, right.place() + ", debt-to");
    if (!ends) return ends.error();
    lines.push_back("债务履行期限：" + printed_day(begins.value()) + "起" +
                    printed_day(ends.value()) + "止");
  }
  return joined(lines, "\n");
}

Result<std::string> value_of(const FaceRule& rule, const CaseRow& right) {
  if (rule.assemble == "term") return term_of(right);
  if (rule.assemble == "circumstances") return circumstances_of(right);
  if (rule.assemble == "mortgage") return mortgage_of(right);
  return right.text(rule.from);
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

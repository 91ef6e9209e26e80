#include "fields.h"

#include <map>

#include "certbridge/text.h"

namespace certbridge::ofd_compose {
namespace {

constexpr const char* kListMark = "、";

std::string padded(unsigned number, std::size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

std::string joined(std::string text, const std::string& more, const char* mark) {
  if (!text.empty() && !more.empty()) text += mark;
  return text + more;
}

std::string shown_date(const std::chrono::year_month_day& day) {
  return padded(static_cast<unsigned>(static_cast<int>(day.year())), 4) + "年" +
         padded(static_cast<unsigned>(day.month()), 2) + "月" +
         padded(static_cast<unsigned>(day.day()), 2) + "日";
}

std::string data_date(const std::optional<std::chrono::year_month_day>& day) {
  if (!day) return {};
  return padded(static_cast<unsigned>(static_cast<int>(day->year())), 4) + "-" +
         padded(static_cast<unsigned>(day->month()), 2) + "-" +
         padded(static_cast<unsigned>(day->day()), 2);
}

template <class Part>
std::string list_of(const std::vector<Holder>& holders, Part part) {
  std::string text;
  for (const Holder& holder : holders) text = joined(std::move(text), part(holder), kListMark);
  return text;
}

std::string name_of(const Holder& holder) { return holder.name; }

// "按份共有：张三1/2、李四1/2"; shares are those of the register, as written.
std::string holding_of(const Certificate& certificate) {
  static const std::map<Holding, std::string> kWords{{Holding::kSole, "单独所有"},
                                                     {Holding::kJoint, "共同共有"},
                                                     {Holding::kByShares, "按份共有"},
                                                     {Holding::kOther, "其它共有"}};
  const auto word = kWords.find(certificate.holding);
  if (word == kWords.end()) return {};
  std::string shares;
  if (certificate.holding == Holding::kByShares) {
    shares = list_of(certificate.holders, [](const Holder& holder) {
      return holder.share ? holder.name + " " + holder.share->text() : std::string();
    });
  }
  return joined(word->second, shares, "：");
}

std::string type_name_of(const std::string& code_type) {
  static const std::map<std::string, std::string, std::less<>> kNames{
      {"001", "统一社会信用代码"},
      {"099", "其他法人或其他组织有效证件代码"},
      {"111", "公民身份号码"},
      {"114", "解放军军官证编号"},
      {"115", "武警警官证编号"},
      {"118", "解放军士兵证编号"},
      {"119", "武警士兵证编号"},
      {"120", "解放军文职人员证编号"},
      {"122", "武警文职人员证编号"},
      {"411", "外交护照号"},
      {"412", "公务护照号"},
      {"413", "公务普通护照号"},
      {"414", "普通护照号"},
      {"511", "台湾居民来往大陆通行证号码"},
      {"516", "港澳居民来往内地通行证号码"},
      {"999", "其他自然人有效证件代码"}};
  const auto found = kNames.find(code_type);
  return found == kNames.end() ? std::string() : found->second;
}

std::string units_of(const Certificate& certificate, bool printed, const char* mark) {
  std::string text;
  for (const UnitCode& unit : certificate.units) {
    text = joined(std::move(text), printed ? unit.printed() : unit.text(), mark);
  }
  return text;
}

using Read = std::string (*)(const Certificate&);

// Fields that are the same for people and software.
const std::map<std::string, Read, std::less<>>& common_fields() {
  static const std::map<std::string, Read, std::less<>> kFields{
      {"ZZBS", [](const Certificate& it) { return it.identifier.text(); }},
      {"ZZBH", [](const Certificate& it) { return it.number.raw(); }},
      {"KZ_BDCQZH", [](const Certificate& it) { return it.number.raw(); }},
      {"ZZLXDM", [](const Certificate& it) { return it.type_code.text(); }},
      {"ZZBFJG", [](const Certificate& it) { return it.issuer_name; }},
      {"ZZBFJGDM", [](const Certificate& it) { return it.issuer_code; }},
      {"CZZT", [](const Certificate& it) { return list_of(it.holders, name_of); }},
      {"CZZTDM",
       [](const Certificate& it) {
         return list_of(it.holders, [](const Holder& holder) { return holder.code.text(); });
       }},
      {"CZZTDMLX",
       [](const Certificate& it) {
         return list_of(it.holders, [](const Holder& h) { return type_name_of(h.code.type()); });
       }},
      {"CZZTDMLXDM",
       [](const Certificate& it) {
         return list_of(it.holders, [](const Holder& holder) { return holder.code.type(); });
       }},
      {"KZ_QLR", [](const Certificate& it) { return list_of(it.holders, name_of); }},
      {"KZ_YWR", [](const Certificate& it) { return list_of(it.obligors, name_of); }},
      {"KZ_YZH", [](const Certificate& it) { return it.paper_serial; }},
      {"KZ_YWH", [](const Certificate& it) { return it.case_no; }},
      {"ZSID", [](const Certificate& it) { return it.certificate_id; }},
      {"KZ_SQSJC", [](const Certificate& it) { return it.number.province_word(); }},
      {"KZ_NF", [](const Certificate& it) { return std::to_string(it.number.year()); }},
      {"KZ_SZSXQC", [](const Certificate& it) { return it.number.place_word(); }},
      {"KZ_ZHLSH", [](const Certificate& it) { return it.number.serial(); }},
      {"ZZYXQQSRQ", [](const Certificate& it) { return data_date(it.effective_from); }},
      {"ZZYXQJZRQ", [](const Certificate& it) { return data_date(it.expires_on); }},
  };
  return kFields;
}

std::string field_of(const Certificate& certificate, std::string_view name, bool shown) {
  if (name == "ZZBFRQ" || name == "KZ_FZRQ") {
    return shown ? shown_date(certificate.issued_on) : data_date(certificate.issued_on);
  }
  if (name == "KZ_BDCDYH") return units_of(certificate, shown, shown ? "\n" : kListMark);
  if (name == "EWMNR") return code_text(certificate);
  // A face item of that name is the register's own wording and stands above what is derived.
  std::string value = with_line_feeds(certificate.face_value(name));
  if (!value.empty()) return value;
  if (name == "KZ_GYQK") return holding_of(certificate);
  const auto found = common_fields().find(name);
  return found == common_fields().end() ? std::string() : found->second(certificate);
}

}  // namespace

std::string shown_field(const Certificate& certificate, std::string_view name) {
  return field_of(certificate, name, true);
}

std::string data_field(const Certificate& certificate, std::string_view name) {
  return field_of(certificate, name, false);
}

std::string code_text(const Certificate& certificate) {
  std::string text = certificate.identifier.text();
  if (!certificate.units.empty()) text += "&" + certificate.units.front().text();
  return text;
}

}  // namespace certbridge::ofd_compose

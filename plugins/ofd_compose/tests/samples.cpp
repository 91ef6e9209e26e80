#include "samples.h"

namespace certbridge::ofd_compose {
namespace {

constexpr const char* kIssuerCode = "11411300MB1T000091";

char check_character(const std::string& body) {
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (body[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11];
}

Certificate blank(CertificateKind kind, const std::string& serial, const std::string& number) {
  const TypeCode type =
      TypeCode::parse(kind == CertificateKind::kTitle ? kTitleTypeCode : kProofTypeCode).value();
  const CreditCode issuer = CreditCode::parse(kIssuerCode).value();
  Certificate made{
      .type_code = type,
      .identifier = CertificateIdentifier::compose(type, issuer, serial, 1).value(),
      .number = CertificateNumber::parse_strict(number).value(),
  };
  made.kind = kind;
  made.issuer_code = kIssuerCode;
  made.issuer_name = "南阳市自然资源和规划局";
  made.area = "411300";
  made.issued_on = std::chrono::year(2026) / 11 / 24;
  made.case_no = "20261124000123";
  made.certificate_id = "zs-1";
  made.paper_serial = "41000000001";
  made.status.since = std::chrono::sys_days(made.issued_on);
  return made;
}

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

// Bit by bit, as the standard of PNG defines it.
std::uint32_t checksum(const std::string& bytes) {
  std::uint32_t sum = 0xffffffff;
  for (const char c : bytes) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xedb88320U : 0U);
  }
  return ~sum;
}

std::string chunk(const std::string& type, const std::string& content) {
  return big_endian(static_cast<std::uint32_t>(content.size())) + type + content +
         big_endian(checksum(type + content));
}

UnitCode unit(const std::string& building) {
  return UnitCode::parse_strict("411302001001GB00001F" + building).value();
}

}  // namespace

HolderCode sample_code(int number) {
  std::string body = "41130219900101" + std::to_string(100 + number % 900);
  body.push_back(check_character(body));
  return HolderCode::parse("111", body).value();
}

std::string sample_png(int width, int height) {
  const std::string header = big_endian(static_cast<std::uint32_t>(width)) +
                             big_endian(static_cast<std::uint32_t>(height)) +
                             std::string("\x08\x02\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", "pixels") + chunk("IEND", "");
}

Certificate sample_title() {
  Certificate made =
      blank(CertificateKind::kTitle, "4113002026000012301", "豫（2026）南阳市不动产权第0000123号");
  made.holders.push_back({"测试甲", sample_code(1), {}});
  made.units.push_back(unit("00010002"));
  made.face = {
      {"KZ_ZL", "南阳市宛城区示例路1号示例花园1幢1402室"},
      {"KZ_QLLX", "国有建设用地使用权/房屋所有权"},
      {"KZ_QLXZ", "出让/市场化商品房"},
      {"KZ_YT", "城镇住宅用地/住宅"},
      {"KZ_MJ", "共有宗地面积820.00㎡/房屋建筑面积101.17㎡"},
      {"KZ_SYQX", "国有建设用地使用权 2012年05月01日起2082年04月30日止"},
      {"KZ_QLQTZK",
       "专有建筑面积：82.36㎡\n分摊建筑面积：18.81㎡\n房屋结构：钢筋混凝土结构\n房屋总层数："
       "18层\n所在层：14层\n竣工时间：2018年06月30日"},
      {"KZ_FJ", "业务编号：20261124000123\n登记类型：转移登记（买卖）"}};
  return made;
}

Certificate sample_proof() {
  Certificate made = blank(CertificateKind::kProof, "4113002026000045602",
                           "豫（2026）南阳市不动产证明第0000456号");
  made.holders.push_back({"示例银行股份有限公司南阳分行", sample_code(2), {}});
  made.obligors.push_back({"测试甲", sample_code(1), {}});
  made.units.push_back(unit("00010002"));
  made.face = {
      {"KZ_ZL", "南阳市宛城区示例路1号示例花园1幢1402室"},
      {"KZ_ZMQLSX", "抵押权"},
      {"KZ_QT",
       "不动产权证书号：豫（2026）南阳市不动产权第0000123号\n抵押方式：一般抵押\n担保债权的"
       "数额：800000.00元\n债务履行期限：2026年11月24日起2046年11月23日止"},
      {"KZ_FJ", "无"}};
  return made;
}

Certificate sample_crowded() {
  Certificate made = sample_title();
  made.holding = Holding::kByShares;
  made.holders.clear();
  const char* names[] = {"欧阳测试（曾用名：试样）", "\U0002CC56示例", "示例置业（南阳）有限公司",
                         "测试·买买提·样本", "甲乙丙"};
  for (int i = 0; i < 5; ++i) {
    made.holders.push_back({names[i], sample_code(10 + i), Share::parse("1/5").value()});
  }
  made.units = {unit("00010002"), unit("00010003"), unit("00010004")};
  std::string notes;
  for (int i = 1; i <= 80; ++i) {
    notes += "第" + std::to_string(i) +
             "条：本不动产与相邻地块（含通道、绿化）共用出入口，相关约定见登记簿附件，面积以登记簿"
             "为准。\r\n";
  }
  for (FaceItem& item : made.face) {
    if (item.key == "KZ_FJ") item.value = notes;
  }
  return made;
}

}  // namespace certbridge::ofd_compose

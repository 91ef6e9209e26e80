// A right certificate, for tests to spoil in one place each.
#pragma once

#include "certbridge/certificate.h"

namespace certbridge {

inline Holder sample_holder(const char* name, const char* code, const char* share) {
  Holder holder{name, HolderCode::parse("111", code).value(), {}};
  if (*share != '\0') holder.share = Share::parse(share).value();
  return holder;
}

inline CertificateIdentifier sample_identifier(const char* type, const char* issuer) {
  return CertificateIdentifier::compose(TypeCode::parse(type).value(),
                                        CreditCode::parse(issuer).value(), "41130020260000001", 1)
      .value();
}

inline Certificate sample_certificate() {
  Certificate it{
      .type_code = TypeCode::parse(kTitleTypeCode).value(),
      .identifier = sample_identifier(kTitleTypeCode, "11411300MB1T000091"),
      .number = CertificateNumber::parse_strict("豫（2026）南阳市不动产权第0000001号").value()};
  it.issuer_code = "11411300MB1T000091";
  it.issuer_name = "南阳市自然资源和规划局";
  it.area = "411300";
  it.issued_on = std::chrono::year(2026) / 6 / 1;
  it.holders = {sample_holder("𠮷某", "11010519491231002X", "1/3"),
                sample_holder("乙某", "440524188001010014", "2/3")};
  it.holding = Holding::kByShares;
  it.units = {UnitCode::parse_strict("411300001002GB00003F00010002").value()};
  it.case_no = "2026-0001";
  it.previous_numbers = {"宛房权证字第1号"};
  it.status.since = Timestamp(std::chrono::milliseconds(1'780'000'000'123));
  it.face = {{"KZ_ZL", "南阳市某路1号"},
             {"KZ_QLLX", "国有建设用地使用权/房屋(构筑物)所有权"},
             {"KZ_QLXZ", "出让/市场化商品房"},
             {"KZ_YT", "城镇住宅用地/成套住宅"},
             {"KZ_MJ", "房屋建筑面积100.00㎡"},
             {"KZ_SYQX", "2020年01月01日起"},
             {"KZ_QLQTZK", "专有建筑面积80㎡\n分摊20㎡"}};
  return it;
}

}  // namespace certbridge

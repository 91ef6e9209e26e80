// Certificates and events of the register's tests.
#pragma once

#include <gtest/gtest.h>

#include "certbridge/certificate.h"
#include "journal/store.h"

namespace certbridge::host {

inline constexpr const char* kNumber = "豫（2026）南阳市不动产权第0000001号";
inline constexpr const char* kIssuer = "11411300MB1T000091";

inline Certificate certificate_of_version(int version) {
  const TypeCode type = TypeCode::parse(kTitleTypeCode).value();
  Certificate it{.type_code = type,
                 .identifier = CertificateIdentifier::compose(
                                   type, CreditCode::parse(kIssuer).value(), "20260000001", version)
                                   .value(),
                 .number = CertificateNumber::parse_strict(kNumber).value()};
  it.issuer_code = kIssuer;
  it.issuer_name = "南阳市自然资源和规划局";
  it.area = "411300";
  it.issued_on = std::chrono::year(2026) / 6 / 1;
  it.holders = {{"甲某", HolderCode::parse("111", "11010519491231002X").value(), {}}};
  it.units = {UnitCode::parse_strict("411300001002GB00003F00010002").value()};
  it.case_no = "C1";
  it.status.since = Timestamp(std::chrono::milliseconds(1'780'000'000'123));
  return it;
}

inline Message message_about(int version, const std::string& type = "certificate.issue") {
  const Certificate it = certificate_of_version(version);
  Message message;
  message.type = type;
  message.media_type = kCertificateMediaType;
  message.body = content_of(write_certificate(it));
  message.order_keys = {{"case", "C1"}, certificate_order_key(it)};
  message.headers = {{"case-no", "C1"}, {"identifier", it.identifier.text()}};
  return message;
}

inline Message life_event(const std::string& event, const std::string& restriction = "",
                          const std::string& of = "") {
  Message message;
  message.type = "certificate.event";
  message.area = "411300";
  const std::string normalised = normalise_certificate_number(kNumber);
  message.order_keys = {{"case", "C2"}, certificate_key(kTitleTypeCode, normalised, kIssuer)};
  message.headers = {{"life-event", event},           {"case-no", "C2"},
                     {"certificate-number", kNumber}, {"type-code", kTitleTypeCode},
                     {"issuer-code", kIssuer},        {"occurred-at", "2026-11-27 10:00:00"}};
  if (!restriction.empty()) message.headers["restriction-kind"] = restriction;
  if (!of.empty()) message.headers["restriction-case"] = of;
  return message;
}

}  // namespace certbridge::host

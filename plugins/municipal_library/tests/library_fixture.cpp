#include "library_fixture.h"

namespace certbridge::municipal_library {
namespace {

Holder holder(const std::string& name, const char* type, const char* code) {
  return {name, HolderCode::parse(type, code).value(), std::nullopt};
}

Message about(const Certificate& certificate, const char* type) {
  Message message =
      testing::message_of(type, kCertificateMediaType, write_certificate(certificate));
  message.id = "m-" + certificate.number.serial();
  message.area = certificate.area;
  message.order_keys = {{"case", certificate.case_no}, certificate_order_key(certificate)};
  return message;
}

}  // namespace

Certificate certificate_of(const std::string& serial, int version) {
  const TypeCode type = TypeCode::parse(kTitleTypeCode).value();
  const CreditCode issuer = CreditCode::parse(kIssuerCode).value();
  Certificate certificate{
      .type_code = type,
      .identifier = CertificateIdentifier::compose(type, issuer, "2026" + serial, version).value(),
      .number =
          CertificateNumber::parse_strict("豫（2026）南阳市不动产权第" + serial + "号").value()};
  certificate.issuer_code = kIssuerCode;
  certificate.issuer_name = "南阳市自然资源和规划局";
  certificate.area = "411300";
  certificate.issued_on = std::chrono::year(2026) / 6 / 1;
  certificate.holding = Holding{2};
  certificate.holders = {holder("𠮷某", "111", "11010519491231002X"),
                         holder("南阳某有限公司", "001", kIssuerCode),
                         holder("Smith, \"J\"", "414", "P0000001")};
  certificate.holders[2].name = "Smith J";
  certificate.units = {UnitCode::parse_strict("411302001001GB00001F00010001").value()};
  certificate.case_no = "20260601-0001";
  certificate.case_id = "c-1";
  certificate.certificate_id = "z-1";
  certificate.status.base = Status::Base::kIssued;
  certificate.face = {{"KZ_ZL", "南阳市某路1号"}, {"KZ_QLQTZK", "建筑面积80㎡\n\"分摊\"20㎡"}};
  return certificate;
}

Message issue_of(const Certificate& certificate, const std::string& file) {
  Message message = about(certificate, "certificate.issue");
  message.attachments = {testing::attachment_of("certificate.ofd", "application/ofd", file)};
  message.headers["file-digest"] = to_hex(message.attachments[0].digest);
  message.headers["type-name"] = kTitleName;
  return message;
}

LifeRecord life_of(const Certificate& certificate, const std::string& word) {
  LifeRecord life;
  life.number = certificate.number.raw();
  life.type_code = certificate.type_code.text();
  life.identifier = certificate.identifier.text();
  life.issuer_code = certificate.issuer_code;
  life.area = certificate.area;
  life.word = word;
  life.state.base = {status_base_of(word).value_or(Status::Base::kValid), "", {}};
  return life;
}

Message status_of(const Certificate& certificate, const std::string& word,
                  const std::string& before) {
  Message message = about(certificate, "certificate.status");
  message.media_type = kLifeMediaType;
  message.body = content_of(write_life_record(life_of(certificate, word)));
  message.id += "/" + word;
  message.headers["status-before"] = before;
  message.headers["occurred-at"] = "2026-06-02T01:02:03Z";
  return message;
}

Result<Message> RepeatingLibrary::answer(const Message& question, const Call&) {
  const bool token = question.headers.at("http-path") == "/epoint/rest/token";
  Message answer = testing::message_of(
      "http.response", "application/json",
      token ? R"({"custom":{"code":"0000","access_token":"t","expires_in":3600}})"
            : std::string(body_));
  answer.headers["http-status"] = "200";
  return answer;
}

}  // namespace certbridge::municipal_library

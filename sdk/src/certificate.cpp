#include "certbridge/certificate.h"

#include "certbridge/xml.h"
#include "certificate_words.h"

namespace certbridge {
namespace {

std::string attribute(const char* name, std::string_view value) {
  return " " + std::string(name) + "=\"" + xml_escape(value) + "\"";
}
std::string optional_attribute(const char* name, std::string_view value) {
  return value.empty() ? std::string() : attribute(name, value);
}
std::string optional_date(const char* name,
                          const std::optional<std::chrono::year_month_day>& date) {
  return date ? attribute(name, date_text(*date)) : std::string();
}

std::string holder_xml(const char* element, const Holder& holder) {
  return "<" + std::string(element) + attribute("name", holder.name) +
         attribute("code-type", holder.code.type()) + attribute("code", holder.code.text()) +
         (holder.share ? attribute("share", holder.share->text()) : std::string()) + "/>";
}

std::string root_attributes(const Certificate& it) {
  return attribute("kind", word_of(it.kind, kKindWords)) +
         attribute("type-code", it.type_code.text()) +
         attribute("identifier", it.identifier.text()) + attribute("number", it.number.raw()) +
         attribute("issuer-code", it.issuer_code) + attribute("issuer-name", it.issuer_name) +
         attribute("area", it.area) + attribute("issued-on", date_text(it.issued_on)) +
         optional_date("effective-from", it.effective_from) +
         optional_date("expires-on", it.expires_on) +
         attribute("holding", word_of(it.holding, kHoldingWords)) +
         (it.held_separately ? attribute("held-separately", "yes") : std::string()) +
         attribute("right-state", word_of(it.right_state, kRightStateWords)) +
         attribute("case-no", it.case_no) + optional_attribute("case-id", it.case_id) +
         optional_attribute("certificate-id", it.certificate_id) +
         optional_attribute("paper-serial", it.paper_serial);
}

std::string status_xml(const Status& status) {
  return "<status" + attribute("base", word_of(status.base, kStatusWords)) +
         attribute("since", time_text(status.since)) + optional_attribute("reason", status.reason) +
         "/>";
}

}  // namespace

std::string Certificate::face_value(std::string_view key) const {
  for (const FaceItem& item : face) {
    if (item.key == key) return item.value;
  }
  return {};
}

std::string write_certificate(const Certificate& certificate) {
  std::string xml = "<certificate" + attribute("xmlns", kCertificateNameSpace) +
                    root_attributes(certificate) + ">";
  for (const Holder& holder : certificate.holders) xml += holder_xml("holder", holder);
  for (const Holder& obligor : certificate.obligors) xml += holder_xml("obligor", obligor);
  for (const UnitCode& unit : certificate.units) {
    xml += "<unit" + attribute("code", unit.text()) + "/>";
  }
  for (const std::string& number : certificate.previous_numbers) {
    xml += "<previous" + attribute("number", number) + "/>";
  }
  xml += status_xml(certificate.status);
  for (const FaceItem& item : certificate.face) {
    xml += "<face" + attribute("key", item.key) + ">" + xml_escape(item.value) + "</face>";
  }
  return xml + "</certificate>";
}

OrderKey certificate_order_key(const Certificate& certificate) {
  return certificate_key(certificate.type_code.text(), certificate.number.normalised(),
                         certificate.issuer_code);
}

OrderKey certificate_key(std::string_view type_code, std::string_view normalised_number,
                         std::string_view issuer_code) {
  std::string value(type_code);
  value.append("|").append(normalised_number).append("|").append(issuer_code);
  return {"certificate", std::move(value)};
}

}  // namespace certbridge

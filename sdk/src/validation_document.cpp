// Rules on number, issuer, dates, status and texts: what the certificate is as a document.
#include "certbridge/text.h"
#include "validation_checks.h"

namespace certbridge {
namespace {

bool is_number_of_kind(CertificateKind kind, const Certificate& certificate) {
  return certificate.kind == kind && certificate.number.kind() == kind;
}

// A case registered on the last days of a year is often issued in the first of the next, and the
// other way round: then the year may differ by one.
bool is_turn_of_year(int number_year, std::chrono::year_month_day issued) {
  const int issued_year = static_cast<int>(issued.year());
  if (issued.month() == std::chrono::January) return number_year == issued_year - 1;
  return issued.month() == std::chrono::December && number_year == issued_year + 1;
}

void check_year(const Certificate& it, FindingList& findings) {
  if (it.number.year() == static_cast<int>(it.issued_on.year())) return;
  const bool turn = is_turn_of_year(it.number.year(), it.issued_on);
  findings.add(turn ? "number.year-turn" : "number.year", "number",
               "the number says year " + std::to_string(it.number.year()) + ", issued in " +
                   std::to_string(static_cast<int>(it.issued_on.year())));
}

void check_text_of(const char* field, const std::string& text, FindingList& findings) {
  if (auto clean = check_text(text); !clean)
    findings.add("text.clean", field, clean.error().message);
}

}  // namespace

void check_number(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  const bool title = it.type_code.text() == kTitleTypeCode;
  const bool proof = it.type_code.text() == kProofTypeCode;
  const bool fits = (title && is_number_of_kind(CertificateKind::kTitle, it)) ||
                    (proof && is_number_of_kind(CertificateKind::kProof, it));
  if (!fits) {
    findings.add("number.kind", "number",
                 "不动产权 numbers go with type code ...001 and 不动产证明 numbers with ...022");
  }
  if (it.number.void_mark()) {
    findings.add("number.void-mark", "number", "the number bears a mark that says it was voided");
  } else if (!CertificateNumber::parse_strict(it.number.raw())) {
    findings.add(
        "number.strict", "number",
        "written otherwise than 豫（2026）南阳市不动产权第0000001号: brackets, blanks, 7 digits");
  }
  check_year(it, findings);
  if (it.identifier.type_code() != it.type_code.text() ||
      it.identifier.issuer_code() != it.issuer_code) {
    findings.add("identifier.matches", "identifier",
                 "the identifier names another type or another issuer than the certificate");
  }
}

void check_issuer(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  const Issuer* issuer = subject.issuers.by_code(it.issuer_code);
  if (issuer == nullptr) {
    findings.add("issuer.listed", "issuer_code",
                 "no issuer of issuers.xml has the code " + it.issuer_code);
    return;
  }
  if (issuer->name != it.issuer_name) {
    findings.add("issuer.listed", "issuer_name",
                 "the issuer with code " + it.issuer_code + " is named " + issuer->name);
  }
  if (issuer->area != it.area) {
    findings.add("issuer.listed", "area",
                 "the issuer with code " + it.issuer_code + " issues for " + issuer->area +
                     ", not for " + it.area);
  }
  const bool other_place =
      !it.number.place_word().empty() && it.number.place_word() != issuer->number_word;
  if (other_place || it.number.province_word() != issuer->province_word) {
    findings.add("issuer.number-word", "number",
                 "numbers of this issuer say " + issuer->province_word + " and " +
                     issuer->number_word + "; this one says " + it.number.province_word() +
                     " and " + it.number.place_word());
  }
}

void check_dates(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  if (!it.issued_on.ok() || it.issued_on > subject.today) {
    findings.add("dates.order", "issued_on", "the day of issue is after today, or no day");
  }
  if (it.expires_on && it.effective_from && *it.expires_on < *it.effective_from) {
    findings.add("dates.order", "expires_on", "expires before it is effective");
  }
}

void check_status(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  if (it.right_state != RightState::kCurrent) {
    findings.add(
        "right.current", "right_state",
        "the right is not current (权属状态 is not 现势): no certificate may be issued of it");
  }
  if (it.status.base != Status::Base::kIssued && it.status.base != Status::Base::kValid) {
    findings.add("status.issued", "status", "the certificate is neither issued nor valid");
  }
}

void check_texts(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  for (const Holder& holder : it.holders) check_text_of("holders.name", holder.name, findings);
  for (const Holder& obligor : it.obligors) check_text_of("obligors.name", obligor.name, findings);
  for (const FaceItem& item : it.face) {
    check_text_of(("face." + item.key).c_str(), item.value, findings);
  }
  check_text_of("issuer_name", it.issuer_name, findings);
  check_text_of("case_no", it.case_no, findings);
  check_text_of("case_id", it.case_id, findings);
  check_text_of("certificate_id", it.certificate_id, findings);
  check_text_of("paper_serial", it.paper_serial, findings);
  check_text_of("status.reason", it.status.reason, findings);
}

}  // namespace certbridge

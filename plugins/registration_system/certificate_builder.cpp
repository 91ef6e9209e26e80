#include "certificate_builder.h"

#include <algorithm>

#include "dates.h"
#include "face.h"
#include "holders.h"

namespace certbridge::registration {
namespace {

constexpr std::size_t kSerialDigits = 7;

Error placed_at(const CaseRow& row, const std::string& field, const Error& error) {
  Error placed = error;
  placed.message = row.place(field) + ": " + error.message;
  return placed;
}

// The rights that the certificate shows; all of them must be there.
Result<std::vector<const CaseRow*>> rights_of(const CaseRows& rows,
                                              const std::string& certificate_id) {
  std::vector<const CaseRow*> rights;
  for (const CaseRow& item : rows.set("items")) {
    if (item.text("certificate") != certificate_id) continue;
    const auto& all = rows.set("rights");
    const auto found = std::find_if(all.begin(), all.end(), [&](const CaseRow& right) {
      return right.text("id") == item.text("right");
    });
    if (found == all.end()) {
      return Error::retryable("registration.incomplete",
                              item.place("right") + ": its right is not there yet");
    }
    rights.push_back(&*found);
  }
  if (rights.empty()) {
    return Error::retryable("registration.incomplete", "a certificate has no items yet");
  }
  return rights;
}

Result<std::vector<UnitCode>> units_of(const std::vector<const CaseRow*>& rights) {
  std::vector<UnitCode> units;
  for (const CaseRow* right : rights) {
    auto unit = UnitCode::parse_strict(right->text("unit"));
    if (!unit) return placed_at(*right, "unit", unit.error());
    if (std::find(units.begin(), units.end(), unit.value()) == units.end()) {
      units.push_back(std::move(unit).value());
    }
  }
  return units;
}

Result<RightState> right_state_of(const CaseRow& right) {
  const std::string& word = right.text("right-state");
  if (word == "current") return RightState::kCurrent;
  if (word == "provisional") return RightState::kProvisional;
  if (word == "historic") return RightState::kHistoric;
  if (word == "ended") return RightState::kEnded;
  return Error::fault("registration.mapping",
                      "the table of right states means current, provisional, historic or ended");
}

// The least current of them: a certificate is as good as its weakest right.
Result<RightState> weakest_state(const std::vector<const CaseRow*>& rights) {
  RightState weakest = RightState::kCurrent;
  for (const CaseRow* right : rights) {
    auto state = right_state_of(*right);
    if (!state) return state;
    if (state.value() != RightState::kCurrent) weakest = state.value();
  }
  return weakest;
}

std::string serial_of(const std::string& area, const CertificateNumber& number) {
  std::string digits = number.serial();
  if (digits.size() < kSerialDigits) digits.insert(0, kSerialDigits - digits.size(), '0');
  return area + std::to_string(number.year()) + digits;
}

Result<CertificateIdentifier> identifier_of(const TypeCode& type, const std::string& issuer_code,
                                            const std::string& serial, int version) {
  auto issuer = CreditCode::parse(issuer_code);
  if (!issuer) return issuer.error();
  return CertificateIdentifier::compose(type, issuer.value(), serial, version);
}

std::vector<std::string> previous_of(const std::vector<const CaseRow*>& rights) {
  std::vector<std::string> numbers;
  for (const CaseRow* right : rights) {
    for (const std::string& one : split_certificate_numbers(right->text("previous"))) {
      std::string normal = normalise_certificate_number(one);
      if (std::find(numbers.begin(), numbers.end(), normal) == numbers.end())
        numbers.push_back(normal);
    }
  }
  return numbers;
}

// "right.booked-at" or "certificate.final-at", as the mapping says.
Result<std::chrono::year_month_day> issued_on(const BuildRequest& request, const CaseRow& right) {
  const std::string& from = request.mapping.issued_from;
  const bool of_certificate = !request.certificate.text(from).empty();
  const CaseRow& row = of_certificate ? request.certificate : right;
  return parse_day(row.text(from), row.place(from));
}

}  // namespace

Result<const Issuer*> issuer_of_right(const IssuerDirectory& issuers, const CaseRow& right,
                                      const std::string& area) {
  const std::string& name = right.text("issuer");
  const Issuer* issuer = name.empty() ? issuers.by_area(area) : issuers.by_name(name);
  if (issuer != nullptr) return issuer;
  return Error::permanent(
      "registration.issuer_unknown",
      right.place("issuer") + ": no issuer of this name or area is in issuers.xml");
}

Result<Certificate> build_certificate(const BuildRequest& request) {
  const CaseRow& row = request.certificate;
  auto rights = rights_of(request.rows, row.text("id"));
  if (!rights) return rights.error();
  const CaseRow& first = *rights.value().front();
  auto number = CertificateNumber::parse_strict(row.text("number"));
  if (!number) return placed_at(row, "number", number.error());
  auto units = units_of(rights.value());
  if (!units) return units.error();
  auto parties = parties_of(request.rows, row.text("id"));
  if (!parties) return parties.error();
  auto issuer = issuer_of_right(request.issuers, first, request.area);
  if (!issuer) return issuer.error();
  auto state = weakest_state(rights.value());
  if (!state) return state.error();
  auto day = issued_on(request, first);
  if (!day) return day.error();
  const bool title = request.action == EventAction::kTitle;
  const CertificateKind kind = title ? CertificateKind::kTitle : CertificateKind::kProof;
  auto face = assemble_face(request.mapping, kind, rights.value());
  if (!face) return face.error();
  auto type = TypeCode::parse(title ? kTitleTypeCode : kProofTypeCode);
  if (!type) return type.error();
  auto identifier =
      identifier_of(type.value(), issuer.value()->code, serial_of(request.area, number.value()), 1);
  if (!identifier) return placed_at(row, "number", identifier.error());
  Certificate certificate{.kind = kind,
                          .type_code = std::move(type).value(),
                          .identifier = std::move(identifier).value(),
                          .number = std::move(number).value()};
  certificate.issuer_code = issuer.value()->code;
  certificate.issuer_name = issuer.value()->name;
  certificate.area = request.area;
  certificate.issued_on = day.value();
  certificate.effective_from = day.value();
  certificate.holding = parties.value().holding;
  certificate.held_separately = parties.value().held_separately;
  certificate.right_state = state.value();
  certificate.holders = std::move(parties.value().holders);
  if (!title) certificate.obligors = std::move(parties.value().obligors);
  certificate.units = std::move(units).value();
  certificate.case_no = request.case_no;
  certificate.case_id = first.text("id");
  certificate.certificate_id = row.text("id");
  certificate.paper_serial = row.text("paper-serial");
  certificate.previous_numbers = previous_of(rights.value());
  certificate.face = std::move(face).value();
  // The first moment of that local day.
  certificate.status.since = std::chrono::sys_days(day.value()) - std::chrono::hours(8);
  return certificate;
}

std::string booked_at(const BuildRequest& request) {
  const auto rights = rights_of(request.rows, request.certificate.text("id"));
  if (!rights) return {};
  const std::string& when = rights.value().front()->text("booked-at");
  return parse_message_time(when) ? when : std::string();
}

Result<Certificate> renumbered(const Certificate& certificate, const std::string& serial,
                               int version) {
  auto identifier =
      identifier_of(certificate.type_code, certificate.issuer_code,
                    serial.empty() ? certificate.identifier.serial() : serial, version);
  if (!identifier) return identifier.error();
  Certificate changed = certificate;
  changed.identifier = std::move(identifier).value();
  return changed;
}

}  // namespace certbridge::registration

#include "engine/life_links.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr std::size_t kMostRelated = 64;

// Empty for a number of an older form.
std::string type_of_number(const std::string& number) {
  const auto parsed = CertificateNumber::parse_lenient(number);
  if (!parsed) return {};
  return parsed.value().kind() == CertificateKind::kProof ? kProofTypeCode : kTitleTypeCode;
}

// The policy that the source's case has, if it makes a change.
std::optional<LinkedChange> change_of(const Message& message, const std::string& area) {
  const std::string policy = header_of(message, "change-policy");
  const bool at_booking = policy == to_text(ChangePolicy::kAtBooking);
  if (!at_booking && policy != to_text(ChangePolicy::kAfterCollection)) return std::nullopt;
  LinkedChange change;
  change.area = area;
  change.case_no = header_of(message, "case-no");
  change.policy = at_booking ? ChangePolicy::kAtBooking : ChangePolicy::kAfterCollection;
  change.reason = header_of(message, "change-reason");
  return change;
}

LinkedCertificate linked(const LifeRecord& who) {
  LinkedCertificate one;
  one.key =
      certificate_key(who.type_code, normalise_certificate_number(who.number), who.issuer_code);
  one.who = who;
  return one;
}

void relate(LifeRecord& life, const RelatedCertificate& other) {
  std::erase_if(life.related, [&](const RelatedCertificate& one) {
    return one.relation == other.relation && one.number == other.number;
  });
  if (life.related.size() < kMostRelated) life.related.push_back(other);
}

// Who a certificate of the same issuer is, as far as its number says.
LifeRecord named(const std::string& number, const std::string& type, const Message& message,
                 const std::string& issuer_code, const std::string& issuer_name) {
  LifeRecord who;
  who.number = number;
  who.type_code = type;
  who.issuer_code = issuer_code;
  who.issuer_name = issuer_name;
  who.area = message.area;
  return who;
}

}  // namespace

Result<std::optional<LinkedChange>> issued_change(const Message& message,
                                                  const Certificate& certificate,
                                                  const RegisterLookup& lookup, LifeRecord& life) {
  const Certificate& it = certificate;
  auto change = change_of(message, it.area);
  if (!change) return change;
  LinkedCertificate own =
      linked(named(it.number.raw(), it.type_code.text(), message, it.issuer_code, it.issuer_name));
  own.who.identifier = it.identifier.text();
  for (const std::string& number : it.previous_numbers) {
    LinkedCertificate earlier =
        linked(named(number, type_of_number(number), message, it.issuer_code, it.issuer_name));
    const bool is_proof = earlier.who.type_code == kProofTypeCode;
    if (earlier.key == own.key || is_proof != (it.kind == CertificateKind::kProof)) continue;
    auto found = lookup(earlier.key);
    if (!found) return found.error();
    if (found.value()) {
      earlier.who.identifier = found.value()->life.identifier;
      earlier.who.units = found.value()->life.units;
    }
    relate(life,
           {Relation::kReplaces, normalise_certificate_number(number), earlier.who.identifier});
    change->earlier.push_back(std::move(earlier));
  }
  if (change->earlier.empty()) return std::optional<LinkedChange>();
  change->later.push_back(std::move(own));
  return change;
}

std::optional<LinkedChange> booked_change(const Message& message, LifeRecord& life) {
  const std::string by = header_of(message, "replaced-by-number");
  if (!by.empty()) {
    relate(life, {Relation::kReplacedBy, by, header_of(message, "replaced-by-identifier")});
  }
  auto change = change_of(message, message.area);
  if (!change) return std::nullopt;
  LinkedCertificate earlier =
      linked(named(header_of(message, "certificate-number"), header_of(message, "type-code"),
                   message, header_of(message, "issuer-code"), header_of(message, "issuer-name")));
  earlier.who.identifier = life.identifier;
  earlier.who.units = life.units;
  change->earlier.push_back(std::move(earlier));
  return change;
}

}  // namespace certbridge::host

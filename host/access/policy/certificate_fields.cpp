#include "access/policy/certificate_fields.h"

#include <algorithm>
#include <array>

namespace certbridge::host {
namespace {

constexpr std::array kMembers{
    TextMember{"type-code", &FoundCertificate::type_code},
    TextMember{"type-name", &FoundCertificate::type_name},
    TextMember{"number", &FoundCertificate::number},
    TextMember{"identifier", &FoundCertificate::identifier},
    TextMember{"version", &FoundCertificate::version},
    TextMember{"issuer-code", &FoundCertificate::issuer_code},
    TextMember{"issuer-name", &FoundCertificate::issuer_name},
    TextMember{"issued-on", &FoundCertificate::issued_on},
    TextMember{"effective-from", &FoundCertificate::effective_from},
    TextMember{"expires-on", &FoundCertificate::expires_on},
    TextMember{"status", &FoundCertificate::status},
    TextMember{"said", &FoundCertificate::said},
    TextMember{"file", &FoundCertificate::file},
};

}  // namespace

std::span<const TextMember> text_members() { return kMembers; }

bool is_member_name(std::string_view name) {
  return name == kHolderName || name == kHolderCode ||
         std::any_of(kMembers.begin(), kMembers.end(),
                     [&](const TextMember& one) { return one.name == name; });
}

}  // namespace certbridge::host

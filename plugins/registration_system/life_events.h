// What an event of the register book means for certificates that are held already.
#pragma once

#include "certbridge/context.h"
#include "mapping.h"
#include "records_client.h"

namespace certbridge::registration {

// One message "certificate.event" for each certificate that the rights of the case name as earlier
// ones, by the first of `rules` for its kind; a number of an older form counts as a title. Codes:
// "registration.no_certificate" (none is named), "registration.restriction_case" (a release that
// does not say of what), "registration.issuer_unknown".
Result<std::vector<Message>> life_messages(const std::vector<LifeRule>& rules,
                                           const CaseAnswer& answer, const IssuerDirectory& issuers,
                                           const Message& event);

// A change was booked: one message for each earlier certificate that ends by that alone; none where
// it stays or is replaced, or where the case names none.
Result<std::vector<Message>> booked_change_messages(const Mapping& mapping,
                                                    const CaseAnswer& answer,
                                                    const IssuerDirectory& issuers,
                                                    const Message& event);

// What the headers of an event say of its case.
ChangeRule change_of(const Mapping& mapping, const Message& event, bool proof);

}  // namespace certbridge::registration

// Whether all rows of a case have arrived: they may be written later than its event.
#pragma once

#include "case_rows.h"
#include "certbridge/certificate.h"

namespace certbridge::registration {

// "registration.incomplete" (retryable) while a party names a certificate that is not there, and,
// within the grace, while a certificate has no row for a holder.
Result<void> check_parties_arrived(const CaseRows& rows, bool within_grace);

// Whether shares are still missing of what several hold by shares: they add up to less than one.
bool lacks_shares(const Certificate& certificate);

}  // namespace certbridge::registration

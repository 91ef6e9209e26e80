// What the rows about a case say, as the facts that decide whether certificates may be looked up.
#pragma once

#include <string_view>

#include "case_rows.h"
#include "certbridge/items.h"
#include "certbridge/query.h"

namespace certbridge::registration {

// The words that the table of the field `state` means: "provisional" (has a number, not accepted
// yet), "accepted", "concluded", "withdrawn" or "refused". Only the first two are open.
bool is_case_state(std::string_view word);

// Rows of the sets of <cases>. No row: the case is not known. `items`, unless null, has the
// materials of the case's item; else they are rows too. Who has no code is no party: he could not
// be recognised. Codes: "registration.records_refused" (several cases, or another than the one that
// was asked for), "registration.date" (no time when it began).
Result<CaseFacts> facts_of(const CaseRows& rows, const CaseQuestion& question,
                           const ItemDirectory* items);

}  // namespace certbridge::registration

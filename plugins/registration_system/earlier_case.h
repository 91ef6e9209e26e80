// The certificates of the case before, for rights that name none themselves.
#pragma once

#include "case_rows.h"
#include "certbridge/context.h"

namespace certbridge::registration {

// Where a right that the event's header names names no earlier certificate, those of the earlier
// right are put there. Nothing is asked when the mapping has no <earlier-case> or the event names
// none. Codes: those of ask_for_rows().
Result<void> find_earlier_case(Responder& records, const Mapping& mapping, const Message& event,
                               CaseRows& rows, const Call& call);

}  // namespace certbridge::registration

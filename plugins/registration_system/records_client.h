// Asks the lent responder for everything about one case, in one snapshot.
#pragma once

#include "case_rows.h"
#include "certbridge/context.h"

namespace certbridge::registration {

struct CaseAnswer {
  CaseRows rows{};
  std::string digest{};  // SM3 hex of all rows but those of the set `events`
};

// With `only`, the rows of that set of ours; otherwise of all, and none of them may lack a required
// field. Codes: "registration.records_unavailable" (retryable), "registration.records_refused",
// "registration.records_fault", and those of map_rows.
Result<CaseAnswer> ask_for_case(Responder& records, const Mapping& mapping,
                                const std::string& case_no, const Call& call,
                                std::string_view only = {});

// The rows of another group than that of a case, as they are answered; codes as above.
Result<std::vector<RecordSet>> ask_for_sets(Responder& records, const Mapping& mapping,
                                            const std::string& group, const Record& parameters,
                                            const Call& call);
// The same under our names.
Result<CaseRows> ask_for_rows(Responder& records, const Mapping& mapping, const std::string& group,
                              const Record& parameters, const Call& call);

// SM3 of bytes in lower-case hexadecimal.
std::string sm3_hex(std::string_view bytes);

}  // namespace certbridge::registration

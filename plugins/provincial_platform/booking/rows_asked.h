// Rows of the registration system, by a named group of queries.
#pragma once

#include <string>
#include <vector>

#include "certbridge/endpoint.h"
#include "certbridge/record.h"

namespace certbridge::provincial_platform {

// What the group answers to these parameters. Failures of the lent endpoint become
// "provincial.records_unavailable" (retryable), "provincial.records_refused" (permanent) and
// "provincial.records" (fault).
Result<std::vector<RecordSet>> ask_rows(Responder& records, const std::string& group,
                                        Record parameters, const Call& call);

}  // namespace certbridge::provincial_platform

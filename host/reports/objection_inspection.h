// Objections and complaints for the inspection report, read from their access records.
#pragma once

#include <cstddef>

#include "access/records/access_reader.h"
#include "reports/inspection.h"

namespace certbridge::host {

// What was overdue in the period, of what was raised up to a year before it. Codes: those of the
// reader.
Result<InspectionSection> inspect_objections(const AccessReader& reader, const ReportPeriod& period,
                                             Timestamp made, std::size_t most);

}  // namespace certbridge::host

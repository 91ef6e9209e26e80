// The access records of a period.
#pragma once

#include <functional>

#include "access/records/access_reader.h"
#include "reports/report_period.h"

namespace certbridge::host {

// In order those that were written within the period and before `made`, until `visit` answers
// false. Codes: those of the reader.
Result<void> each_record(const AccessReader& reader, const ReportPeriod& period, Timestamp made,
                         const std::function<bool(const ReadAccess&)>& visit);

}  // namespace certbridge::host

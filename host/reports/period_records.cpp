#include "reports/period_records.h"

#include <algorithm>

namespace certbridge::host {

Result<void> each_record(const AccessReader& reader, const ReportPeriod& period, Timestamp made,
                         const std::function<bool(const ReadAccess&)>& visit) {
  const Timestamp from = period.from();
  const Timestamp until = std::min(period.until(), made);
  const auto begin = reader.begin_of(from);
  if (!begin) return begin.error();
  return reader.each(begin.value(), [&](const ReadAccess& access) {
    if (access.written < from) return true;
    return access.written < until && visit(access);
  });
}

}  // namespace certbridge::host

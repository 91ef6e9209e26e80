#include "reports/objection_inspection.h"

#include "objections/objection_book.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kRaisedBefore{24 * 366};

OverdueObjection row_of(const Objection& objection) {
  return {std::to_string(objection.number),
          to_text(objection.kind),
          to_text(objection.state),
          objection.issuer.empty() ? objection.demanded_by : objection.issuer,
          objection.raised,
          objection.due};
}

}  // namespace

Result<InspectionSection> inspect_objections(const AccessReader& reader, const ReportPeriod& period,
                                             Timestamp made, std::size_t most) {
  const auto begin = reader.begin_of(period.from() - kRaisedBefore);
  if (!begin) return begin.error();
  ObjectionBook book;
  const auto read = reader.each(begin.value(), [&](const ReadAccess& access) {
    if (access.written > made) return false;
    book.add(access.place.number, access.record);
    return true;
  });
  if (!read) return read.error();
  std::vector<OverdueObjection> rows;
  for (const Objection& one : book.overdue(period.from(), period.until(), made)) {
    rows.push_back(row_of(one));
  }
  return overdue_objections(rows, true, most);
}

}  // namespace certbridge::host

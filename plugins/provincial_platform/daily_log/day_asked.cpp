#include "daily_log/day_asked.h"

#include "booking/rows_asked.h"

namespace certbridge::provincial_platform {

Result<DayAsker> DayAsker::make(Context& context) {
  const auto records = context.responder("records");
  if (!records) return records.error();
  DayAsker asker(context, *records.value());
  auto group = context.config().text("register-group");
  if (!group) return group.error();
  auto bookings = context.config().text("bookings");
  if (!bookings) return bookings.error();
  asker.group_ = std::move(group).value();
  asker.bookings_ = std::move(bookings).value();
  return asker;
}

Result<BookedDay> DayAsker::registered(const AreaDay& of, const Call& call) const {
  AreaDay next = of;
  next.day = std::chrono::sys_days(of.day) + std::chrono::days(1);
  Record parameters;
  parameters.set("day", of.day_text());
  parameters.set("next_day", next.day_text());
  parameters.set("area", of.area);
  const auto sets = ask_rows(*records_, group_, std::move(parameters), call);
  if (!sets) return sets.error();
  return booked_day_of(of, sets.value());
}

Result<std::vector<Access>> DayAsker::accesses(const BookedDay& day) const {
  return accesses_of(context_->facts(), bookings_, day, context_->clock().now());
}

}  // namespace certbridge::provincial_platform

// What was booked on a day and what became of it, asked from the registration system and the
// host's facts: the common part of what makes and what completes a daily log.
#pragma once

#include <string>
#include <vector>

#include "certbridge/context.h"
#include "daily_log/accesses.h"
#include "daily_log/booked_day.h"

namespace certbridge::provincial_platform {

class DayAsker {
 public:
  // Reads the options `register-group` and `bookings`, and the role `records`. `context` outlives
  // it.
  static Result<DayAsker> make(Context& context);

  // The rows of the day, by a group of named queries with the parameters day, next_day
  // ("2026-11-27") and area. Codes: those of ask_rows() and booked_day_of().
  Result<BookedDay> registered(const AreaDay& of, const Call& call) const;
  // Codes: those of accesses_of().
  Result<std::vector<Access>> accesses(const BookedDay& day) const;
  Responder& records() const { return *records_; }

 private:
  DayAsker(Context& context, Responder& records) : context_(&context), records_(&records) {}

  Context* context_;  // pointers: the value is moved
  Responder* records_;
  std::string group_{};
  std::string bookings_{};  // the endpoint that bookings are delivered to
};

}  // namespace certbridge::provincial_platform

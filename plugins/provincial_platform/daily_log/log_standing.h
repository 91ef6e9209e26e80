// What became of the log of a day, by the host's facts about the endpoint that logs go to.
#pragma once

#include <string>

#include "certbridge/context.h"
#include "daily_log/booked_day.h"

namespace certbridge::provincial_platform {

struct LogStanding {
  bool accepted = false;
  bool open = false;   // sent, without a reply yet
  bool maybe = false;  // it is not known whether it arrived
  std::string last{};  // state of the delivery that was accepted last
};

// Codes of Facts.
Result<LogStanding> log_standing(const Facts& facts, const std::string& endpoint,
                                 const AreaDay& day);

}  // namespace certbridge::provincial_platform

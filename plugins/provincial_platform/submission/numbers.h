// BizMsgID: area (6), day (yyMMdd, +08:00), number of the day (6).
#pragma once

#include <string>
#include <string_view>

#include "certbridge/context.h"

namespace certbridge::provincial_platform {

inline constexpr std::uint64_t kLastNumber = 999'999;

// The day of a time at +08:00 as "yyMMdd".
std::string local_day(Timestamp when);
// The time of the next midnight at +08:00.
Timestamp next_local_day(Timestamp when);
std::string number_text(std::string_view area, std::string_view day, std::uint64_t number);
// The next number of area and day, durable when it returns. The same for the same step key, also on
// a later day: a crash between here and what is made of the number leaves no gap in the day before.
// "provincial.numbers" (retryable, at the next midnight) when the day of this area has used up its
// numbers, which are never reused: then the step takes one of the day on which it is asked again.
Result<std::string> next_number(Memory& memory, const std::string& step_key, std::string_view area,
                                Timestamp when);

}  // namespace certbridge::provincial_platform

// Invented days: what was booked, and what became of it.
#pragma once

#include <string>

#include "certbridge/testing/fakes.h"
#include "daily_log/booked_day.h"
#include "daily_log/log_form.h"

namespace certbridge::provincial_platform::testing {

LogForm shipped_form(const std::string& name);  // "daily-log" or "daily-log-counts"

// A row of the register: case C`n`, unit of that number.
Record registered_row(int n, const std::string& type, const std::string& right);
std::string sample_unit(int n);

// 2024-03-18 of area 990101.
AreaDay sample_day();
// calendar.day and registration.day of it.
Message day_message();
Message booked_day_message(const std::vector<Record>& registered);

// A delivery of booking C`n` to the endpoint "province". `suffix` goes behind its case number.
certbridge::testing::KnownDelivery sent_booking(int n, const std::string& type,
                                                const std::string& state,
                                                const std::string& suffix);

}  // namespace certbridge::provincial_platform::testing

// Days and times as registration systems write them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge::registration {

// The day of "2024-03-18", "2024-03-18 10:30:18", "2024-03-18T10:30:18+08:00", "2024/3/18" or
// "20240318". "registration.date" for everything else and for days before 1900 ("0001-01-01").
Result<std::chrono::year_month_day> parse_day(std::string_view text, const std::string& place);

// "2024年03月18日"
std::string printed_day(std::chrono::year_month_day day);
// "2024-03-18"
std::string day_text(std::chrono::year_month_day day);
// Local wall clock (+08:00), "2024-03-18 10:30:18".
std::string local_time(Timestamp when);

}  // namespace certbridge::registration

// What a daily log says, its one written form, and the schema that it keeps.
#pragma once

#include <string>
#include <vector>

#include "daily_log/accesses.h"
#include "daily_log/booked_day.h"
#include "daily_log/log_form.h"

namespace certbridge::provincial_platform {

struct LogRow {
  Record values{};  // "ywh", "djlx", "qllx", "bdcdyh" and what else the register has
  bool reported = false;
  std::string number{};  // BizMsgID of the message that was sent
};
struct LogContent {
  AreaDay of{};
  Record facts{};
  std::vector<LogRow> registered{};
  std::vector<LogRow> accessed{};
};

// A row for each booking of the register, and one for each booking of the day that was sent,
// whether the register has it or not.
LogContent log_content_of(const BookedDay& day, std::vector<Access> accesses);

// UTF-8 without byte-order mark, LF after each element, the same bytes for the same content. The
// number stands in it as an empty BizMsgID (signature.h puts number and signature there).
std::string write_log(const LogForm& form, const LogContent& content, int version);
// The text of the XSD for logs of this form.
std::string log_schema_text(const LogForm& form);

// Area, day as yyMMdd, version with six digits.
std::string log_number(const AreaDay& day, int version);

}  // namespace certbridge::provincial_platform

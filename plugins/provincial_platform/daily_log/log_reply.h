// What the platform answers to a daily log.
#pragma once

#include <string>
#include <string_view>

#include "daily_log/log_form.h"

namespace certbridge::provincial_platform {

struct LogReply {
  bool accepted = false;
  std::string code{};
  std::string words{};  // shortened, without long numbers
};

// Of any root; a byte-order mark is taken. "provincial.response" when it cannot be read or has no
// code.
Result<LogReply> parse_log_reply(const LogReplyForm& form, std::string_view xml);

}  // namespace certbridge::provincial_platform

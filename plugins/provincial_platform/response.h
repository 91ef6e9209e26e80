// What the platform says of a message: a flat document whose root has any name.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::provincial_platform {

struct Response {
  std::string number{};  // BizMsgID of the message, with its suffix
  bool accepted = false;
  std::string code{};   // ResponseCode, at most 16 characters
  std::string words{};  // ResponseInfo and AdditionalData, shortened, without long numbers
  std::string certificate_id{};
};

// Takes UTF-8 and GB18030 by declaration, with or without byte-order mark. Codes: those of
// parse_xml() as "provincial.response", and the same when BizMsgID or SuccessFlag is missing.
Result<Response> parse_response(std::string_view xml);

}  // namespace certbridge::provincial_platform

// What the platform says of a message: a flat document whose root has any name.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/xml.h"

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

// The parts that every reply of the platform is read with: the document ("provincial.response"),
// a child's text without blanks around it, a code as digits and letters, and words for people
// without long numbers, shortened.
Result<XmlElement> parse_reply_document(std::string_view xml);
std::string reply_text(const XmlElement& root, std::string_view child);
std::string reply_code(std::string text);
// Whether a reply can have this code: any other in a file would never be found.
bool is_reply_code(const std::string& code);
inline constexpr const char* kNoReplyCode =
    "a code is 1 to 16 digits and letters, perhaps with a minus in front";
std::string reply_words(std::string_view words);

}  // namespace certbridge::provincial_platform

#include "exchange/response.h"

#include "certbridge/text.h"

namespace certbridge::provincial_platform {
namespace {

constexpr XmlLimits kResponseLimits{1024UL * 1024, 4, 1000};
constexpr std::size_t kLongestCode = 16;
constexpr std::size_t kLongestIdentifier = 64;

// Numbers of persons, units and certificates are long; what is left says what was wrong and where.
std::string without_numbers(std::string_view words) {
  constexpr std::size_t kLongestRun = 5;
  std::string text;
  std::size_t run = 0;
  for (const char c : words) {
    run = c >= '0' && c <= '9' ? run + 1 : 0;
    if (run <= kLongestRun) {
      text += c;
    } else if (run == kLongestRun + 1) {
      text.replace(text.size() - kLongestRun, kLongestRun, "***");
    }
  }
  return text;
}

Error no_response(const std::string& why) {
  return Error::retryable("provincial.response", "the platform's response cannot be read: " + why);
}

}  // namespace

Result<XmlElement> parse_reply_document(std::string_view xml) {
  auto root = parse_xml(xml, "response", kResponseLimits);
  if (!root) return no_response(root.error().message);
  return root;
}

std::string reply_text(const XmlElement& root, std::string_view child) {
  const XmlElement* found = root.child(child);
  if (found == nullptr) return {};
  const auto from = found->text.find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return {};
  return found->text.substr(from, found->text.find_last_not_of(" \t\r\n") - from + 1);
}

// Codes are digits and letters, perhaps with a minus in front ("-1"); anything else is no code.
std::string reply_code(std::string text) {
  const std::string sign = text.starts_with('-') ? "-" : "";
  std::erase_if(text, [](char c) {
    return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  });
  return text.empty() ? text : (sign + text).substr(0, kLongestCode);
}

bool is_reply_code(const std::string& code) { return !code.empty() && reply_code(code) == code; }

std::string reply_words(std::string_view words) { return shortened(without_numbers(words)); }

Result<Response> parse_response(std::string_view xml) {
  const auto root = parse_reply_document(xml);
  if (!root) return root.error();
  const std::string flag = reply_text(root.value(), "SuccessFlag");
  Response response;
  response.number = reply_text(root.value(), "BizMsgID");
  response.accepted = flag == "1";
  response.code = reply_code(reply_text(root.value(), "ResponseCode"));
  response.words = reply_text(root.value(), "ResponseInfo");
  for (const char* name : {"AdditionalData", "AdditionalData2"}) {
    const std::string more = reply_text(root.value(), name);
    if (!more.empty()) response.words += (response.words.empty() ? "" : "; ") + more;
  }
  response.words = reply_words(response.words);
  response.certificate_id = reply_text(root.value(), "CertID");
  if (flag.empty() || response.number.empty() || response.number.size() > kLongestIdentifier) {
    return no_response("BizMsgID or SuccessFlag is missing");
  }
  return response;
}

}  // namespace certbridge::provincial_platform

#include "daily_log/log_reply.h"

#include "exchange/response.h"

namespace certbridge::provincial_platform {

Result<LogReply> parse_log_reply(const LogReplyForm& form, std::string_view xml) {
  const auto root = parse_reply_document(xml);
  if (!root) return root.error();
  LogReply reply;
  reply.code = reply_code(reply_text(root.value(), form.code));
  reply.words = reply_words(reply_text(root.value(), form.words));
  if (reply.code.empty()) {
    return Error::retryable("provincial.response",
                            "the platform's reply to a daily log has no " + form.code);
  }
  const auto known = form.accepts.find(reply.code);
  reply.accepted = known != form.accepts.end() && known->second;
  return reply;
}

}  // namespace certbridge::provincial_platform

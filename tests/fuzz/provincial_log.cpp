// Daily logs of provincial platforms (plugins/provincial_platform): the form's file makes a schema,
// and replies are read, also those that come at once over HTTP.
#include "daily_log/log_reply.h"
#include "daily_log/log_text.h"
#include "exchange/http_replies.h"
#include "fuzz.h"
#include "profile/schema.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() {
  return {R"({"status": "ok", "code": 2, "message": "done"})",
          "<RespondLog><responseLogCode>0200</responseLogCode><responseLogInfo>ok</responseLogInfo>"
          "</RespondLog>"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const provincial_platform::LogReplyForm replies{
      "responseLogCode", "responseLogInfo", {{"0200", true}}};
  const auto reply = provincial_platform::parse_log_reply(replies, input);
  if (reply) require(reply.value().accepted == (reply.value().code == "0200"), "only 0200 accepts");
  const provincial_platform::HttpReplies answers{
      "code", "message", {{"2", provincial_platform::HttpReplies::Means::kAccepted}}};
  const auto said = provincial_platform::said_at_once(answers, "1", input);
  if (said) require(said.value() && said.value()->accepted, "only 2 is taken");
  const auto form = provincial_platform::parse_log_form(input, "log.xml");
  if (!form) {
    require_refused_file(form.error());
    return 0;
  }
  const auto schema = provincial_platform::MessageSchema::compile(
      provincial_platform::log_schema_text(form.value()));
  require(schema || schema.error().code == "provincial.schema_text", "a schema or a reason");
  return 0;
}

// Conditions of routes, of both scopes, asked of a message with a certificate.
#include "routes/condition.h"

#include "certbridge/certificate.h"
#include "certbridge/text.h"
#include "fuzz.h"
#include "sample_certificate.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

Message sample_message() {
  Message message;
  message.type = "certificate.issue";
  message.area = "411302";
  message.headers = {{"event-type", "SHANZHENG"}};
  message.media_type = kCertificateMediaType;
  message.body = content_of(write_certificate(sample_certificate()));
  return message;
}

void check(const std::string& text, ConditionScope scope, std::string_view input) {
  static const Message message = sample_message();
  const auto condition = parse_condition({text, scope, {}});
  if (!condition) return require_refusal(condition.error(), input);
  const auto first = condition.value()->holds(message, "outbox");
  const auto again = condition.value()->holds(message, "outbox");
  require(first.ok() == again.ok() && (!first || first.value() == again.value()),
          "a condition holds or does not");
  if (!first) require_refusal(first.error(), input);
}

}  // namespace

std::vector<std::string> samples() {
  return {"header.event-type = 'SHANZHENG' and area in ('411302', '411303')",
          "not (type != 'a''b' or media-type = 'x') and source = 'outbox'",
          "count(//c:holder) > 1 and //c:face[@key='KZ_YT']",
          "string-length(translate(/c:certificate/c:number, '（', '(')) = 20"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  // What the XML of a route cannot hold does not reach a condition.
  if (!certbridge::check_text(input)) return 0;
  const std::string text(input);
  check(text, ConditionScope::kEnvelope, input);
  check(text, ConditionScope::kCertificate, input);
  return 0;
}

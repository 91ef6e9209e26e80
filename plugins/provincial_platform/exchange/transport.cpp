#include "exchange/transport.h"

#include "certbridge_sm/sm3.h"

namespace certbridge::provincial_platform {

std::string path_of(std::string pattern, const Prepared& prepared) {
  for (const auto& [mark, value] :
       {std::pair<std::string_view, const std::string&>("{area}", prepared.area),
        {"{number}", prepared.number}}) {
    const auto at = pattern.find(mark);
    if (at != std::string::npos) pattern.replace(at, mark.size(), value);
  }
  return pattern;
}

Reply reply_of(std::string bytes, const std::string& when) {
  std::string mark = to_hex(sm::sm3(bytes)) + "|" + when;
  return {std::move(bytes), std::move(mark)};
}

Error passed_on(const Error& cause) {
  const std::string text = "the way to the platform: " + cause.message + " (" + cause.code + ")";
  switch (cause.severity) {
    case Severity::kPermanent:
      return Error::permanent("provincial.drop_refused", text);
    case Severity::kFault:
      return Error::fault("provincial.transport", text);
    case Severity::kRetryable:
      break;
  }
  Error error = Error::retryable("provincial.unreachable", text);
  error.retry_after = cause.retry_after;
  return error;
}

Result<Confirmation::State> Transport::lies_itself(const Prepared& prepared, const Call& call) {
  auto state = lies(prepared, call);
  if (!state) return state.error();
  const bool earlier = !prepared.answered.empty();
  if (earlier && state.value() == Confirmation::State::kDifferent) {
    return Confirmation::State::kAbsent;
  }
  return state;
}

Result<std::optional<Response>> Transport::verdict(const Prepared& prepared, const Call& call) {
  const auto bytes = response(prepared, call);
  if (!bytes) return bytes.error();
  if (!bytes.value()) return prepared.said;
  const Reply& reply = *bytes.value();
  if (!prepared.answered.empty() && prepared.answered == reply.mark) return prepared.said;
  auto said = parse_response(reply.bytes);
  if (!said) return said.error();
  if (said.value().number != prepared.number) {
    return Error::retryable("provincial.response",
                            "the platform's response names another message than its file");
  }
  return std::optional(std::move(said).value());
}

}  // namespace certbridge::provincial_platform

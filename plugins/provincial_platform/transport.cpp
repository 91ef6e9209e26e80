#include "transport.h"

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

Result<std::optional<Response>> Transport::verdict(const Prepared& prepared, const Call& call) {
  const auto bytes = response(prepared, call);
  if (!bytes) return bytes.error();
  if (!bytes.value()) return prepared.said;
  auto said = parse_response(*bytes.value());
  if (!said) return said.error();
  if (said.value().number != prepared.number) {
    return Error::retryable("provincial.response",
                            "the platform's response names another message than its file");
  }
  return std::optional(std::move(said).value());
}

}  // namespace certbridge::provincial_platform

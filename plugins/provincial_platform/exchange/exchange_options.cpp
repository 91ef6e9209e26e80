#include "exchange/exchange_options.h"

#include <string>
#include <utility>

#include "exchange/http_exchange.h"

namespace certbridge::provincial_platform {
namespace {

Result<std::unique_ptr<Transport>> file_transport(Context& context, FileNames names) {
  const auto messages = context.sink("messages");
  if (!messages) return messages.error();
  const auto responses = context.responder("responses");
  if (!responses) return responses.error();
  return std::unique_ptr<Transport>(
      std::make_unique<FileDrop>(*messages.value(), *responses.value(), std::move(names)));
}

Result<std::unique_ptr<Transport>> http_transport(Context& context, HttpReplies replies) {
  if (replies.codes.empty()) {
    return Error::fault(
        "provincial.option",
        "the file of profile or form has no <http>: what the platform's answers mean");
  }
  const auto message_path = context.config().text("message-path");
  if (!message_path) return message_path.error();
  const auto response_path = context.config().text("response-path");
  if (!response_path) return response_path.error();
  for (const std::string& path : {message_path.value(), response_path.value()}) {
    if (path.find("{number}") == std::string::npos) {
      return Error::fault("provincial.option", "message-path and response-path need {number}");
    }
  }
  const auto platform = context.responder("platform");
  if (!platform) return platform.error();
  return std::unique_ptr<Transport>(std::make_unique<HttpExchange>(
      *platform.value(), HttpPaths{message_path.value(), response_path.value()},
      std::move(replies)));
}

}  // namespace

Result<SigningKey> signing_key_of(const Config& config, unsigned least_bits) {
  const auto secret = config.secret("signing-key");
  if (!secret) return secret.error();
  return SigningKey::parse(secret.value(), least_bits);
}

Result<std::unique_ptr<Transport>> transport_of(Context& context, FileNames names,
                                                HttpReplies replies) {
  const auto word = context.config().text("transport");
  if (!word) return word.error();
  return word.value() == "http" ? http_transport(context, std::move(replies))
                                : file_transport(context, std::move(names));
}

}  // namespace certbridge::provincial_platform

#include "http_exchange.h"

namespace certbridge::provincial_platform {
namespace {

Message request(const char* method, const std::string& path) {
  Message question;
  question.type = "http.request";
  question.headers["http-method"] = method;
  question.headers["http-path"] = path;
  return question;
}

std::string status_of(const Message& answer) {
  const auto found = answer.headers.find("http-status");
  return found == answer.headers.end() ? std::string() : found->second;
}

// A server that is busy or failed may do better later, one that knows no such path will not.
Error refused_with(const std::string& status) {
  const std::string text = "the platform answers HTTP status " + status;
  if (status.starts_with('5') || status == "429" || status == "408") {
    return Error::retryable("provincial.unreachable", text);
  }
  return Error::fault("provincial.transport", text);
}

}  // namespace

Result<void> HttpExchange::put(const Prepared& prepared, const Call& call) {
  Message question = request("POST", path_of(paths_.message, prepared));
  question.media_type = "application/xml";
  question.body = content_of(prepared.bytes);
  const auto answer = platform_.answer(question, call);
  if (!answer) return passed_on(answer.error());
  const std::string status = status_of(answer.value());
  if (!status.starts_with('2')) return refused_with(status);
  return {};
}

Result<Confirmation::State> HttpExchange::lies(const Prepared&, const Call&) {
  return Confirmation::State::kAbsent;
}

Result<std::optional<Reply>> HttpExchange::response(const Prepared& prepared, const Call& call) {
  const auto answer = platform_.answer(request("GET", path_of(paths_.response, prepared)), call);
  if (!answer) return passed_on(answer.error());
  const std::string status = status_of(answer.value());
  if (status == "404") return std::optional<Reply>();
  if (!status.starts_with('2')) return refused_with(status);
  if (answer.value().body == nullptr) return std::optional<Reply>();
  auto bytes = read_all(*answer.value().body, kLargestResponse);
  if (!bytes) return passed_on(bytes.error());
  return std::optional(reply_of(std::move(bytes).value(), {}));
}

}  // namespace certbridge::provincial_platform

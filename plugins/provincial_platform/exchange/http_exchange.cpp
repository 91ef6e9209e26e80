#include "exchange/http_exchange.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint64_t kLargestReply = 64UL * 1024;

Message request(const char* method, const std::string& path) {
  Message question;
  question.type = "http.request";
  question.headers["http-method"] = method;
  question.headers["http-path"] = path;
  return question;
}

// Who may not come in, or comes to a path or with a method that is not there, is set up wrongly.
bool is_fault_of_endpoint(const std::string& status) {
  return status.starts_with('3') || status == "401" || status == "403" || status == "404" ||
         status == "405";
}

Error failed_with(const std::string& status) {
  const std::string text = "the platform answers HTTP status " + status;
  if (is_fault_of_endpoint(status)) return Error::fault("provincial.transport", text);
  return Error::retryable("provincial.unreachable", text);
}

// A server that is busy or failed may do better later; any other refusal is of this one message.
Error refused_with(const std::string& status) {
  const bool of_message = status.starts_with('4') && status != "408" && status != "425" &&
                          status != "429" && !is_fault_of_endpoint(status);
  if (!of_message) return failed_with(status);
  return Error::permanent("provincial.drop_refused",
                          "the platform refuses the message with HTTP status " + status);
}

Result<std::string> body_text(const Message& answer, std::uint64_t most) {
  if (answer.body == nullptr) return std::string();
  auto bytes = read_all(*answer.body, most);
  if (!bytes) return passed_on(bytes.error());
  return bytes;
}

}  // namespace

Result<std::optional<Response>> HttpExchange::put(const Prepared& prepared, const Call& call) {
  Message question = request("POST", path_of(paths_.message, prepared));
  question.media_type = "application/xml";
  question.body = content_of(prepared.bytes);
  const auto answer = platform_.answer(question, call);
  if (!answer) return passed_on(answer.error());
  const std::string status = header_of(answer.value(), "http-status");
  if (!status.starts_with('2')) return refused_with(status);
  const auto text = body_text(answer.value(), kLargestReply);
  if (!text && text.error().severity == Severity::kRetryable) return text.error();
  return said_at_once(replies_, prepared.number, text ? text.value() : std::string());
}

Result<Confirmation::State> HttpExchange::lies(const Prepared&, const Call&) {
  return Confirmation::State::kAbsent;
}

Result<std::optional<Reply>> HttpExchange::response(const Prepared& prepared, const Call& call) {
  const auto answer = platform_.answer(request("GET", path_of(paths_.response, prepared)), call);
  if (!answer) return passed_on(answer.error());
  const std::string status = header_of(answer.value(), "http-status");
  if (status == "404") return std::optional<Reply>();
  if (!status.starts_with('2')) return failed_with(status);
  auto text = body_text(answer.value(), kLargestResponse);
  if (!text) return text.error();
  if (text.value().empty()) return std::optional<Reply>();
  return std::optional(reply_of(std::move(text).value(), {}));
}

}  // namespace certbridge::provincial_platform

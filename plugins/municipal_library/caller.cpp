#include "caller.h"

#include <algorithm>
#include <charconv>

#include "certbridge/text.h"
#include "file_body.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::int64_t kLongestToken = 7L * 24 * 3600;

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || number < 0) return {};
  return number;
}

Error with_retry_after(Error error, const Message& answer) {
  if (error.severity != Severity::kRetryable) return error;
  if (const auto wait = number_of(header_of(answer, "http-retry-after-ms"))) {
    error.retry_after = std::chrono::milliseconds(*wait);
  }
  return error;
}

// What an HTTP status means before the body is looked at. kOk: the body decides.
AnswerClass class_of_status(std::int64_t status) {
  if (status / 100 == 2) return AnswerClass::kOk;
  if (status == 401) return AnswerClass::kAuthentication;
  if (status == 403) return AnswerClass::kPermission;
  if (status == 429) return AnswerClass::kThrottle;
  if (status / 100 == 5 || status == 408 || status == 425) return AnswerClass::kTransient;
  if (status == 400 || status == 413 || status == 422) return AnswerClass::kBadRequest;
  return AnswerClass::kUnknown;
}

Error error_of_status(AnswerClass meaning, const std::string& call, const std::string& status) {
  if (meaning != AnswerClass::kUnknown) {
    return error_of(meaning, call, "HTTP " + status, "");
  }
  return Error::fault("municipal.http_status",
                      "the library answers the call " + call + " with HTTP " + status +
                          "; check base-url and the paths of the dialect file");
}

// The transport's codes are another component's: they stand in the message, under a code of ours.
Error of_transport(const Error& cause) {
  const std::string said = cause.code + ": " + cause.message;
  if (cause.severity == Severity::kFault) return Error::fault("municipal.transport", said);
  if (cause.severity == Severity::kPermanent) {
    return Error::permanent("municipal.request_refused", said);
  }
  Error error = Error::retryable("municipal.unreachable", said);
  error.retry_after = cause.retry_after;
  return error;
}

bool reaches_the_asker(AnswerClass meaning) {
  return meaning == AnswerClass::kOk || meaning == AnswerClass::kDuplicate ||
         meaning == AnswerClass::kNotFound || meaning == AnswerClass::kReceived;
}

}  // namespace

Error error_of(AnswerClass meaning, const std::string& call, const std::string& code,
               const std::string& words) {
  const std::string said = "the library answered the call " + call + " with code " + scrub(code) +
                           (words.empty() ? "" : " (" + words + ")");
  switch (meaning) {
    case AnswerClass::kAuthentication:
      return Error::fault("municipal.authentication",
                          said +
                              ": it does not accept our credentials; "
                              "check client-id, client-secret and keys");
    case AnswerClass::kPermission:
      return Error::permanent("municipal.permission", said + ": we may not do this for this type");
    case AnswerClass::kBadRequest:
      return Error::permanent("municipal.refused", said);
    case AnswerClass::kTypeUnregistered:
      return Error::permanent("municipal.type_unregistered",
                              said + ": the certificate type is not published there");
    case AnswerClass::kStateConflict:
      return Error::permanent("municipal.state_conflict",
                              said + ": the certificate's status there does not allow it");
    case AnswerClass::kNotFound:
      return Error::permanent("municipal.not_found", said);
    case AnswerClass::kDuplicate:
      return Error::permanent("municipal.different", said + ": it holds something else");
    case AnswerClass::kThrottle:
      return Error::retryable("municipal.throttled", said);
    case AnswerClass::kTransient:
      return Error::retryable("municipal.busy", said);
    default:
      return Error::permanent("municipal.unknown_code",
                              said + ": this code is not in the dialect file and is not guessed");
  }
}

LibraryCaller::LibraryCaller(CallerSettings settings, Responder& transport,
                             std::function<Timestamp()> wall, TokenCache::Now steady,
                             RandomBytes random)
    : settings_(std::move(settings)),
      transport_(transport),
      wall_(std::move(wall)),
      random_(std::move(random)),
      tokens_(settings_.dialect.token ? settings_.dialect.token->margin : std::chrono::seconds(0),
              steady),
      steady_(std::move(steady)) {}

Result<Reply> LibraryCaller::ask(const RemoteCall& call, const Subject& subject,
                                 const Call& context) {
  return ask_and_read(call, subject, context, [this](const Content& body) -> Result<Answer> {
    auto bytes = read_all(body, settings_.largest_answer);
    if (!bytes) return bytes.error();
    return Answer::parse(bytes.value(), settings_.dialect);
  });
}

Result<Reply> LibraryCaller::ask_and_read(const RemoteCall& call, const Subject& subject,
                                          const Call& context, const Read& read) {
  std::string token;
  auto reply = ask_once(call, subject, context, read, token);
  const bool refused = !reply && reply.error().code == "municipal.authentication";
  if (!refused || token.empty()) return reply;
  tokens_.refuse(token);
  return ask_once(call, subject, context, read, token);
}

Result<std::shared_ptr<const Content>> LibraryCaller::fetch(const std::string& path,
                                                            const Call& context) {
  Message question;
  question.headers = {{"http-method", "GET"}, {"http-path", path}};
  auto message = exchange(std::move(question), context);
  if (!message) return message.error();
  const std::string status = header_of(message.value(), "http-status");
  const std::int64_t number = number_of(status).value_or(0);
  if (number == 200) return std::move(message.value().body);
  if (number / 100 == 2) {
    return Error::retryable("municipal.garbled",
                            "the library answers the address of the file with HTTP " + status +
                                ", which is not a whole file");
  }
  if (number / 100 == 3) {
    return Error::permanent("municipal.file_address",
                            "the library answers the address of the file with HTTP " + status +
                                ": it sends us elsewhere, and that is not followed");
  }
  if (number == 404 || number == 410) {
    return Error::permanent("municipal.not_found",
                            "the address of the file holds nothing, or not any more (HTTP " +
                                status + "); ask for the file anew");
  }
  return with_retry_after(error_of_status(class_of_status(number), "file", status),
                          message.value());
}

Result<Reply> LibraryCaller::ask_once(const RemoteCall& call, const Subject& subject,
                                      const Call& context, const Read& read, std::string& token) {
  const Dialect& dialect = settings_.dialect;
  std::string path = call.path;
  if (dialect.token) {
    auto got = tokens_.get([&] { return fetch_token(context); }, context.deadline);
    if (!got) return got.error();
    token = got.value();
    path += "?" + dialect.token->query + "=" + percent_encoded(token);
  }
  const Caller caller{settings_.client_id, settings_.client_secret, wall_()};
  auto body = write_body(dialect, call, subject, caller, settings_.keys, random_);
  if (!body) return body.error();
  auto content =
      subject.file ? with_file(body.value(), subject.file) : content_of(std::move(body).value());
  auto message = post(path, content_type_of(dialect), std::move(content), context);
  if (!message) return message.error();
  const std::string status = header_of(message.value(), "http-status");
  const AnswerClass by_status = class_of_status(number_of(status).value_or(0));
  if (by_status != AnswerClass::kOk) {
    return with_retry_after(error_of_status(by_status, call.name, status), message.value());
  }
  auto answer = read(*message.value().body);
  if (!answer) return answer.error();
  const AnswerClass meaning = dialect.class_of(call.name, answer.value().code());
  if (reaches_the_asker(meaning)) return Reply{meaning, std::move(answer).value()};
  return with_retry_after(
      error_of(meaning, call.name, answer.value().code(), answer.value().words()), message.value());
}

Result<Message> LibraryCaller::post(const std::string& path, std::string media_type,
                                    std::shared_ptr<const Content> body, const Call& context) {
  Message question;
  question.headers = {
      {"http-method", "POST"}, {"http-path", path}, {"http-header-accept", "application/json"}};
  question.media_type = std::move(media_type);
  question.body = std::move(body);
  return exchange(std::move(question), context);
}

Result<Message> LibraryCaller::exchange(Message question, const Call& context) {
  question.type = "http.request";
  auto answer = transport_.answer(question, context);
  if (!answer) return of_transport(answer.error());
  if (answer.value().body == nullptr) answer.value().body = content_of("");
  return answer;
}

Result<Token> LibraryCaller::fetch_token(const Call& context) {
  const TokenRule& rule = *settings_.dialect.token;
  const auto asked = steady_();
  auto message = post(
      rule.path, "application/x-www-form-urlencoded",
      content_of("grant_type=client_credentials&client_id=" + percent_encoded(settings_.client_id) +
                 "&client_secret=" + percent_encoded(settings_.client_secret)),
      context);
  if (!message) return message.error();
  const std::string status = header_of(message.value(), "http-status");
  const AnswerClass by_status = class_of_status(number_of(status).value_or(0));
  if (by_status != AnswerClass::kOk) {
    return with_retry_after(error_of_status(by_status, "token", status), message.value());
  }
  auto bytes = read_all(*message.value().body, settings_.largest_answer);
  if (!bytes) return bytes.error();
  auto answer = Answer::parse(bytes.value(), settings_.dialect);
  if (!answer) return answer.error();
  const AnswerClass meaning = settings_.dialect.class_of("token", answer.value().code());
  if (meaning != AnswerClass::kOk) {
    return with_retry_after(
        error_of(meaning, "token", answer.value().code(), answer.value().words()), message.value());
  }
  const auto value = answer.value().field(rule.value);
  const auto life = number_of(answer.value().field(rule.lifetime).value_or(""));
  if (!value || !life) {
    return Error::retryable("municipal.garbled",
                            "the library's answer holds no token or no lifetime");
  }
  return Token{*value, asked + std::chrono::seconds(std::min(*life, kLongestToken))};
}

}  // namespace certbridge::municipal_library

#include "receiver.h"

#include "certbridge/text.h"

namespace certbridge::archive_system {
namespace {

constexpr const char* kDigestHeader = "http-header-x-cb-sm3";

std::string with(std::string path, std::string_view name, const std::string& value) {
  const std::size_t at = path.find(name);
  return at == std::string::npos ? path : path.replace(at, name.size(), percent_encoded(value));
}

Error no_package() {
  return Error::permanent(
      "archive_system.no_package",
      "the message has no package, or does not say of which case and access record it is");
}

// The transport's severity stays; each has a code of its own, as the manifest declares them.
Error transport_error(const Error& error) {
  const char* code = error.severity == Severity::kRetryable ? "archive_system.transport"
                     : error.severity == Severity::kFault   ? "archive_system.set_up"
                                                            : "archive_system.refused";
  return {error.severity, code, "the archive was not reached: " + error.code + ": " + error.message,
          error.retry_after};
}

bool is_good(const std::string& status) {
  return status == "200" || status == "201" || status == "204";
}

Error status_error(const std::string& status) {
  const std::string message = "the archive answered with the HTTP status " + status;
  if (status == "401" || status == "403") return Error::fault("archive_system.token", message);
  if (status == "429" || status == "503") return Error::retryable("archive_system.busy", message);
  if (status == "409") return Error::permanent("archive_system.conflict", message);
  if (status.starts_with('5')) return Error::retryable("archive_system.status", message);
  return Error::permanent("archive_system.refused", message);
}

const Attachment* package_of(const Message& message) {
  const bool one = message.attachments.size() == 1 && message.attachments[0].content != nullptr;
  return one ? &message.attachments[0] : nullptr;
}

Receipt settled(const std::string& path) {
  Receipt receipt;
  receipt.state = Receipt::State::kSettled;
  receipt.remote_id = path;
  return receipt;
}

}  // namespace

Receiver::Receiver(ReceiverSettings settings, Responder& http)
    : settings_(std::move(settings)), http_(http) {}

Result<std::string> Receiver::path_of(const Message& message) const {
  const std::string record = header_of(message, "record"), case_no = header_of(message, "case-no");
  if (message.type != "archive.case" || record.empty() || case_no.empty() ||
      package_of(message) == nullptr) {
    return no_package();
  }
  return with(with(settings_.path, "{record}", record), "{case}", case_no);
}

Result<Message> Receiver::ask(const std::string& method, const std::string& path,
                              const Attachment* package, const Call& call) {
  Message question;
  question.type = "http.request";
  question.headers = {{"http-method", method}, {"http-path", path}};
  if (!settings_.token.empty()) {
    question.headers["http-header-authorization"] = "Bearer " + settings_.token;
  }
  if (package != nullptr) {
    question.headers[kDigestHeader] = to_hex(package->digest);
    question.media_type = package->media_type;
    question.body = package->content;
  }
  auto answer = http_.answer(question, call);
  if (!answer) return transport_error(answer.error());
  return answer;
}

Result<Receipt> Receiver::send(const Message& message, const Call& call) {
  const auto path = path_of(message);
  if (!path) return path.error();
  const auto answer = ask("PUT", path.value(), package_of(message), call);
  if (!answer) return answer.error();
  const std::string status = header_of(answer.value(), "http-status");
  if (!is_good(status)) return status_error(status);
  return settled(path.value());
}

Result<Confirmation> Receiver::confirm(const Message& message, const Call& call) {
  const auto path = path_of(message);
  if (!path) return path.error();
  const auto answer = ask("HEAD", path.value(), nullptr, call);
  if (!answer) return answer.error();
  const std::string status = header_of(answer.value(), "http-status");
  Confirmation confirmation;
  if (status == "404") {
    confirmation.state = Confirmation::State::kAbsent;
    return confirmation;
  }
  if (!is_good(status)) return status_error(status);
  const std::string held = header_of(answer.value(), kDigestHeader);
  if (held.empty()) return confirmation;
  if (held == to_hex(package_of(message)->digest)) {
    confirmation.state = Confirmation::State::kPresent;
    confirmation.receipt = settled(path.value());
  } else {
    confirmation.state = Confirmation::State::kDifferent;
    confirmation.held = held;
  }
  return confirmation;
}

}  // namespace certbridge::archive_system

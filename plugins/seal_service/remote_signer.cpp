#include "remote_signer.h"

#include <algorithm>
#include <boost/json.hpp>

#include "certbridge/text.h"
#include "certbridge_sm/base64.h"

namespace certbridge::seal_service {
namespace {

constexpr std::uint64_t kLargestAnswer = 8UL * 1024 * 1024;
constexpr std::size_t kMostSeals = 256;
constexpr std::size_t kDeepestJson = 8;

using Fields = std::map<std::string, std::string, std::less<>>;

Error unreadable(const std::string& reason) {
  return Error::retryable("seal_service.answer",
                          "the seal service's answer is not understood: " + reason);
}

// The text members of a flat JSON object.
Result<Fields> read_object(const std::string& text) {
  boost::json::parse_options options;
  options.max_depth = kDeepestJson;
  boost::json::error_code failed;
  const boost::json::value parsed = boost::json::parse(text, failed, {}, options);
  if (failed || !parsed.is_object()) return unreadable("it is not a JSON object");
  Fields fields;
  for (const auto& [name, value] : parsed.get_object()) {
    if (value.is_string()) fields.emplace(name, std::string_view(value.get_string()));
  }
  return fields;
}

std::string member(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

Result<std::string> bytes_member(const Fields& fields, std::string_view name) {
  auto bytes = sm::base64_decode(member(fields, name));
  if (bytes && !bytes->empty()) return std::move(*bytes);
  return unreadable("\"" + std::string(name) + "\" is not Base64");
}

// What may be repeated: a text in place of a code may hold anything.
bool is_plain_code(const std::string& code) {
  return !code.empty() && code.size() <= 6 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The service's own codes, sorted by what can be done about them.
Result<void> check_code(const std::string& code) {
  if (code == "0") return {};
  if (code == "401") {
    return Error::fault("seal_service.token",
                        "the seal service refuses the token; check the option token");
  }
  if (code == "404")
    return Error::permanent("sealer.no_such_seal", "the seal service does not know the seal");
  if (code == "409") {
    return Error::permanent("seal_service.request_conflict",
                            "the seal service has signed something else under this request before");
  }
  if (code == "423") {
    return Error::fault("seal_service.suspended",
                        "the seal is suspended at the seal service; ask its keeper");
  }
  if (code == "503") return Error::retryable("seal_service.busy", "the seal service is busy");
  return Error::permanent(
      "seal_service.refused",
      "the seal service answered with " + (is_plain_code(code)
                                               ? "the code " + code
                                               : std::string("a code that is no short number")));
}

bool is_good(const std::string& status) { return status.size() == 3 && status.front() == '2'; }

// The transport's severity stays; each has a code of its own, as the manifest declares them.
Error transport_error(const Error& error) {
  const char* code = error.severity == Severity::kRetryable ? "seal_service.transport"
                     : error.severity == Severity::kFault   ? "seal_service.set_up"
                                                            : "seal_service.refused";
  return {error.severity, code,
          "the seal service was not reached: " + error.code + ": " + error.message,
          error.retry_after};
}

Error status_error(const std::string& status) {
  const std::string message = "the seal service answered with the HTTP status " + status;
  if (status == "401" || status == "403") return Error::fault("seal_service.token", message);
  if (status == "429" || status == "503") return Error::retryable("seal_service.busy", message);
  if (!status.empty() && status.front() == '5')
    return Error::retryable("seal_service.status", message);
  return Error::permanent("seal_service.refused", message);
}

}  // namespace

RemoteSigner::RemoteSigner(Responder& http, std::string token, CountOperations count)
    : http_(http), token_(std::move(token)), count_(std::move(count)) {}

Result<std::string> RemoteSigner::ask(const std::string& method, const std::string& path,
                                      const std::string& body, const Call& call) {
  Message question;
  question.type = "http.request";
  question.headers = {{"http-method", method},
                      {"http-path", path},
                      {"http-header-authorization", "Bearer " + token_}};
  question.media_type = "application/json";
  question.body = content_of(body);
  auto answer = http_.answer(question, call);
  if (!answer) return transport_error(answer.error());
  const std::string code = header_of(answer.value(), "http-status");
  if (answer.value().body == nullptr) return unreadable("it is empty");
  auto text = read_all(*answer.value().body, kLargestAnswer);
  if (!text) return unreadable(text.error().message);
  // A body with the service's own code says more than the status.
  if (is_good(code) || read_object(text.value()).ok()) return text;
  return status_error(code);
}

Result<std::string> RemoteSigner::seal(const SealName& name, const Call& call) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = seals_.find(name.seal_id);
    if (known != seals_.end()) return known->second.der;
  }
  std::string der;
  auto seal = fetch(name, der, call);
  if (!seal) return seal.error();
  const std::lock_guard lock(mutex_);
  if (seals_.size() >= kMostSeals) seals_.clear();
  seals_.insert_or_assign(name.seal_id, Remembered{der, std::move(seal).value()});
  return der;
}

Result<sm::Seal> RemoteSigner::fetch(const SealName& name, std::string& der, const Call& call) {
  auto text = ask("GET", "/seal/v1/seals/" + percent_encoded(name.seal_id), "", call);
  if (!text) return text.error();
  auto fields = read_object(text.value());
  if (!fields) return fields.error();
  if (auto good = check_code(member(fields.value(), "code")); !good) return good.error();
  auto bytes = bytes_member(fields.value(), "seal");
  if (!bytes) return bytes.error();
  der = std::move(bytes).value();
  auto seal = sm::parse_seal(der);
  if (!seal) return unreadable(seal.error().message);
  if (seal.value().id != name.seal_id)
    return unreadable("it holds another seal than was asked for");
  return seal;
}

Result<SignedBytes> RemoteSigner::sign(const SealName& name, std::string_view to_be_signed,
                                       const std::string& request_id, const Call& call) {
  const boost::json::object request{{"requestId", request_id},
                                    {"sealId", name.seal_id},
                                    {"toBeSigned", sm::base64_encode(to_be_signed)}};
  auto text = ask("POST", "/seal/v1/sign", boost::json::serialize(request), call);
  if (!text) return text.error();
  return read_signature(name, to_be_signed, text.value());
}

Result<SignedBytes> RemoteSigner::read_signature(const SealName& name,
                                                 std::string_view to_be_signed,
                                                 const std::string& answer) {
  auto fields = read_object(answer);
  if (!fields) return fields.error();
  if (auto good = check_code(member(fields.value(), "code")); !good) return good.error();
  auto signature = bytes_member(fields.value(), "signature");
  if (!signature) return signature.error();
  auto certificate = bytes_member(fields.value(), "certificate");
  if (!certificate) return certificate.error();
  auto parsed = sm::X509Certificate::from_der(certificate.value());
  if (!parsed) return unreadable(parsed.error().message);
  auto key = parsed.value().public_key();
  if (!key) return unreadable(key.error().message);
  count_("verify", 1);
  if (!sm::sm2_verify(key.value(), sm::kDefaultSignerId, to_be_signed, signature.value())) {
    return Error::permanent("seal_service.wrong_signature",
                            "the seal service's signature does not fit what it was asked to sign");
  }
  const std::lock_guard lock(mutex_);
  const auto known = seals_.find(name.seal_id);
  if (known != seals_.end() && !known->second.seal.lists(certificate.value())) {
    return Error::permanent("seal_service.wrong_signature",
                            "the seal service signed by the key of " + parsed.value().subject() +
                                ", which the seal " + name.seal_id + " does not list");
  }
  return SignedBytes{std::move(signature).value(), std::move(certificate).value()};
}

bool RemoteSigner::forget(const SealName& name) {
  const std::lock_guard lock(mutex_);
  return seals_.erase(name.seal_id) > 0;
}

}  // namespace certbridge::seal_service

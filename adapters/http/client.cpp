#include "client.h"

#include <algorithm>
#include <set>

#include "certbridge/options.h"
#include "exchange.h"
#include "retry_after.h"

namespace certbridge::http {
namespace {

constexpr std::string_view kHeaderPrefix = "http-header-";

Error bad_request(const std::string& why) { return Error::permanent("http.request", why); }

Result<ClientSettings> read_client_settings(const Config& config) {
  OptionReader options(config);
  ClientSettings settings;
  settings.base_url = options.text("base-url");
  settings.connect_timeout = options.duration("connect-timeout");
  settings.send_timeout = options.duration("send-timeout");
  settings.first_byte_timeout = options.duration("first-byte-timeout");
  settings.timeout = options.duration("timeout");
  settings.idle = options.duration("idle");
  settings.connections = static_cast<std::size_t>(options.integer("connections"));
  settings.max_request = options.size("max-request");
  settings.max_response = options.size("max-response");
  settings.max_header =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(options.size("max-header"), 1'000'000));
  settings.ca_file = options.file("ca-file");
  settings.client_certificate = options.file("client-certificate");
  settings.client_key = options.file("client-key");
  settings.client_key_passphrase = options.secret("client-key-passphrase");
  if (auto read = options.result(); !read) return read.error();
  return settings;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
  });
}

// Headers that frame the message or name the host are the client's own.
bool is_reserved(const std::string& name) {
  static const std::set<std::string, std::less<>> kReserved{
      "host", "content-length", "transfer-encoding", "connection",
      "te",   "trailer",        "upgrade",           "expect"};
  return kReserved.contains(name);
}

Result<void> read_headers(const Message& question, Request& request) {
  for (const auto& [key, value] : question.headers) {
    if (!key.starts_with(kHeaderPrefix)) continue;
    const std::string name = key.substr(kHeaderPrefix.size());
    if (!is_token(name) || !is_field_value(value)) {
      return bad_request("a header's name or value holds characters that HTTP does not allow");
    }
    if (is_reserved(name))
      return bad_request("the header " + name + " is set by the client itself");
    request.headers.emplace_back(name, value);
  }
  if (!question.media_type.empty() && !question.headers.contains("http-header-content-type")) {
    if (!is_field_value(question.media_type))
      return bad_request("the media type is not a header value");
    request.headers.emplace_back("content-type", question.media_type);
  }
  return {};
}

Result<Request> read_question(const Message& question, const Target& target) {
  static const std::set<std::string, std::less<>> kMethods{"GET",   "HEAD",   "POST",   "PUT",
                                                           "PATCH", "DELETE", "OPTIONS"};
  Request request;
  const auto method = question.headers.find("http-method");
  const auto path = question.headers.find("http-path");
  if (question.type != "http.request" || method == question.headers.end() ||
      path == question.headers.end()) {
    return bad_request(
        "a question to the HTTP client is of type http.request and names http-method and "
        "http-path");
  }
  if (!kMethods.contains(method->second))
    return bad_request("the method is not one of HTTP's usual ones");
  request.method = method->second;
  auto joined = join_path(target, path->second);
  if (!joined) return joined.error();
  request.path = std::move(joined).value();
  if (question.body != nullptr && question.body->size() > 0) request.body = question.body;
  if (auto headers = read_headers(question, request); !headers) return headers.error();
  return request;
}

Message write_answer(Response response, Timestamp now) {
  Message answer;
  answer.type = "http.response";
  answer.created = now;
  answer.headers["http-status"] = std::to_string(response.status);
  for (auto& [name, value] : response.headers) {
    std::string& held = answer.headers[std::string(kHeaderPrefix) + name];
    held += held.empty() ? value : ", " + value;
    if (name == "content-type") answer.media_type = value;
    if (name != "retry-after") continue;
    if (const auto wait = parse_retry_after(value, now)) {
      answer.headers["http-retry-after-ms"] = std::to_string(wait->count());
    }
  }
  answer.body = response.stored ? response.stored : content_of(std::move(response.body));
  return answer;
}

class Client final : public Responder {
 public:
  Client(Context& context, ClientSettings settings, Target target)
      : context_(context), settings_(std::move(settings)), target_(std::move(target)) {}

  Result<void> start() override {
    std::shared_ptr<const TlsClient> tls;
    if (target_.secure) {
      auto opened = TlsClient::open(settings_);
      if (!opened) return opened.error();
      tls = std::move(opened).value();
    }
    exchange_ = std::make_unique<Exchange>(settings_, target_, std::move(tls),
                                           [this] { return context_.spool(); });
    return {};
  }
  void stop() override {
    if (exchange_) exchange_->close_idle();
  }
  Result<void> check(const Call& call) override {
    if (!exchange_) return not_started();
    return exchange_->probe(call.deadline, call.stop);
  }

  Result<Message> answer(const Message& question, const Call& call) override {
    if (!exchange_) return not_started();
    auto request = read_question(question, target_);
    if (!request) return request.error();
    const auto began = context_.clock().steady();
    const Timestamp now = context_.clock().now();
    auto response = exchange_->perform(request.value(), call.deadline, call.stop, now);
    const std::chrono::duration<double> took = context_.clock().steady() - began;
    const std::string outcome =
        response ? std::to_string(response.value().status / 100) + "xx" : response.error().code;
    context_.metrics().count("http_requests", {{"outcome", outcome}}, 1);
    context_.metrics().observe("http_request_seconds", {}, took.count());
    if (!response) return response.error();
    return write_answer(std::move(response).value(), now);
  }

 private:
  static Error not_started() {
    return Error::fault("http.not_started", "the HTTP client was asked before it was started");
  }

  Context& context_;
  ClientSettings settings_;
  Target target_;
  std::unique_ptr<Exchange> exchange_{};
};

}  // namespace

Result<std::unique_ptr<Responder>> make_client(Context& context) {
  auto settings = read_client_settings(context.config());
  if (!settings) return settings.error();
  auto target = parse_target(settings.value().base_url);
  if (!target) return target.error();
  if (settings.value().client_certificate.empty() != settings.value().client_key.empty()) {
    return Error::fault("http.tls", "client-certificate and client-key must be given together");
  }
  return std::unique_ptr<Responder>(
      std::make_unique<Client>(context, std::move(settings).value(), std::move(target).value()));
}

}  // namespace certbridge::http

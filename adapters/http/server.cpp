#include "server.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "certbridge/options.h"
#include "certbridge_front/framing.h"
#include "certbridge_front/http_front.h"
#include "intake.h"

namespace certbridge::http {
namespace {

struct ServerSettings {
  FrontSettings front{};
  Envelope envelope{};
  std::string path{};
  std::string verdict_path{};
  std::string token{};
  std::string verdict_token{};
  std::uint64_t queue = 1024;
};

Error bad_option(const std::string& why) { return Error::fault("http.option", why); }

Result<void> read_listen(const std::string& listen, FrontSettings& front) {
  const auto colon = listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), front.port);
  if (port.empty() || problem != std::errc() || end != port.data() + port.size()) {
    return bad_option("the option listen is not an address and a port, as 127.0.0.1:8080");
  }
  front.address = listen.substr(0, colon);
  if (front.address.starts_with('[') && front.address.ends_with(']')) {
    front.address = front.address.substr(1, front.address.size() - 2);
  }
  return {};
}

Result<void> check_settings(const ServerSettings& settings) {
  if (settings.front.certificate.empty() != settings.front.key.empty()) {
    return bad_option("certificate and key must be given together");
  }
  if (!settings.front.client_ca.empty() && settings.front.certificate.empty()) {
    return bad_option("client-ca needs certificate and key: clients show theirs under TLS only");
  }
  const bool known_clients = !settings.token.empty() || !settings.front.client_ca.empty();
  if (!settings.envelope.source_key.empty() && !known_clients) {
    return bad_option("senders of events must be known: give token or client-ca");
  }
  if (settings.verdict_path.empty() == settings.envelope.verdict.has_value()) {
    return bad_option("verdict-path and the envelope's element verdict must be given together");
  }
  if (settings.envelope.verdict && settings.verdict_token.empty() && !known_clients) {
    return bad_option("senders of verdicts must be known: give verdict-token, token or client-ca");
  }
  return {};
}

Result<ServerSettings> read_server_settings(const Config& config) {
  ServerSettings settings;
  OptionReader options(config);
  const std::string listen = options.text("listen");
  settings.path = options.text("path");
  settings.verdict_path = options.text("verdict-path");
  settings.token = options.secret("token");
  settings.verdict_token = options.secret("verdict-token");
  settings.front.max_body = options.size("max-body");
  settings.front.max_header =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(options.size("max-header"), 1'000'000));
  settings.front.max_connections = options.integer("max-connections");
  settings.queue = options.integer("queue");
  settings.front.header_timeout = options.duration("header-timeout");
  settings.front.body_timeout = options.duration("body-timeout");
  settings.front.idle = options.duration("idle");
  settings.front.certificate = options.file("certificate");
  settings.front.key = options.file("key");
  settings.front.key_passphrase = options.secret("key-passphrase");
  settings.front.client_ca = options.file("client-ca");
  if (auto read = options.result(); !read) return read.error();
  settings.front.write_timeout = settings.front.body_timeout;
  if (auto read = read_listen(listen, settings.front); !read) return read.error();
  auto envelope = read_option_file(config, "envelope");
  if (!envelope) return envelope.error();
  auto parsed = parse_envelope(envelope.value().text, envelope.value().path);
  if (!parsed) return parsed.error();
  settings.envelope = std::move(parsed).value();
  if (auto checked = check_settings(settings); !checked) return checked.error();
  return settings;
}

using Fingerprint = std::array<unsigned char, 32>;
Fingerprint fingerprint(std::string_view text) {
  Fingerprint digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}
// Digests are compared, so that the time tells neither content nor length.
bool same_secret(std::string_view given, std::string_view secret) {
  const Fingerprint left = fingerprint(given);
  const Fingerprint right = fingerprint(secret);
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

class Server final : public Source, private FrontHandler {
 public:
  Server(Context& context, ServerSettings settings)
      : context_(context), settings_(std::move(settings)) {}
  ~Server() override { Server::stop(); }

  Result<void> listen(Receiver& receiver) override {
    intake_ = std::make_unique<Intake>(
        settings_.envelope, receiver, [this] { return context_.clock().now(); }, settings_.queue);
    auto front = HttpFront::open(settings_.front, *this);
    if (!front) {
      intake_.reset();
      return front.error();
    }
    front_ = std::move(front).value();
    context_.logger().log(
        LogLevel::kInfo, "http.listening",
        {{"address", settings_.front.address}, {"port", std::to_string(front_->port())}});
    context_.metrics().gauge("http_listening_port", {}, front_->port());
    return {};
  }
  void stop() override {
    if (front_) front_->close();
    if (intake_) intake_->stop();  // every reply is given before the front goes
    front_.reset();
    intake_.reset();
  }

 private:
  bool is_verdict(const FrontHead& head) const {
    if (settings_.verdict_path.empty()) return false;
    return head.path == settings_.verdict_path ||
           head.path.starts_with(settings_.verdict_path + "/");
  }
  bool is_event(const FrontHead& head) const {
    return !settings_.envelope.source_key.empty() && head.path == settings_.path;
  }
  bool knows(const FrontHead& head) const {
    if (is_verdict(head) && !settings_.verdict_token.empty()) {
      // Libraries call back without credentials: the secret is the last segment of the address.
      const std::string_view path = head.path;
      const std::size_t begin = std::min(settings_.verdict_path.size() + 1, path.size());
      return same_secret(path.substr(begin), settings_.verdict_token);
    }
    if (settings_.token.empty()) return true;  // the client certificate spoke for it
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view given = head.authorization;
    if (given.starts_with(kBearer))
      return same_secret(given.substr(kBearer.size()), settings_.token);
    return same_secret(head.api_key, settings_.token);
  }
  FrontAnswer count(FrontAnswer answer) {
    context_.metrics().count("http_intake", {{"status", std::to_string(answer.status)}}, 1);
    return answer;
  }

  std::optional<FrontAnswer> refuse(const FrontHead& head) override {
    if (!is_event(head) && !is_verdict(head))
      return count(early_answer(404, "http.path", "there is nothing under this path"));
    if (!knows(head))
      return count(early_answer(401, "http.unauthorised", "token or key is missing or wrong"));
    if (head.method != "POST") return count(early_answer(405, "http.method", "only POST is taken"));
    const std::string charset = charset_of(head.content_type);
    if (!charset.empty() && charset != "utf-8") {
      return count(early_answer(415, "http.charset",
                                "the body must be sent in UTF-8, but Content-Type names another "
                                "charset"));
    }
    return std::nullopt;
  }
  void handle(const FrontHead& head, std::string body, FrontReply reply) override {
    const Intake::Kind kind = is_verdict(head) ? Intake::Kind::kVerdict : Intake::Kind::kEvent;
    intake_->submit(kind, std::move(body), [this, reply = std::move(reply)](FrontAnswer answer) {
      reply(count(std::move(answer)));
    });
  }

  Context& context_;
  ServerSettings settings_;
  std::unique_ptr<Intake> intake_{};
  std::unique_ptr<HttpFront> front_{};
};

}  // namespace

Result<std::unique_ptr<Source>> make_server(Context& context) {
  auto settings = read_server_settings(context.config());
  if (!settings) return settings.error();
  return std::unique_ptr<Source>(std::make_unique<Server>(context, std::move(settings).value()));
}

}  // namespace certbridge::http

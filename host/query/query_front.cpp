#include "query/query_front.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "certbridge_front/framing.h"
#include "certbridge_front/http_front.h"
#include "query/desk_services.h"

namespace certbridge::host {
namespace {

const std::map<std::string, QueryKind, std::less<>>& paths() {
  static const std::map<std::string, QueryKind, std::less<>> kPaths{
      {"/api/v1/queries/certificates", QueryKind::kFind},
      {"/api/v1/queries/file", QueryKind::kFile},
      {"/api/v1/queries/verification", QueryKind::kVerify},
      {"/api/v1/queries/availability", QueryKind::kAvailability},
      {"/api/v1/queries/comparison", QueryKind::kCompare}};
  return kPaths;
}

std::optional<QueryKind> kind_of(const http::FrontHead& head) {
  const auto found = paths().find(head.path);
  if (found == paths().end()) return {};
  return found->second;
}

// The bytes of a file, one piece after the other.
class FilePieces final : public http::FrontContent {
 public:
  explicit FilePieces(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  std::uint64_t size() const override { return content_->size(); }
  std::optional<std::size_t> read(std::uint64_t offset, std::span<char> into) override {
    const auto count = content_->read(offset, std::as_writable_bytes(into));
    if (!count) return std::nullopt;
    return count.value();
  }

 private:
  std::shared_ptr<const Content> content_;
};

http::FrontAnswer to_front(QueryResponse response) {
  http::FrontAnswer answer;
  answer.status = response.status;
  answer.body = std::move(response.body);
  answer.retry_after = response.retry_after;
  answer.headers = std::move(response.headers);
  answer.headers["Cache-Control"] = "no-store";
  if (answer.status == 401) answer.headers["WWW-Authenticate"] = "X-CB-Signature";
  if (response.file) {
    answer.media_type = response.file->media_type;
    answer.content = std::make_unique<FilePieces>(response.file->content);
  }
  return answer;
}

std::string header(const http::FrontHead& head, std::string_view name) {
  const auto found = head.headers.find(name);
  return found == head.headers.end() ? std::string() : found->second;
}

SignedRequest signed_request(const http::FrontHead& head, std::string body) {
  SignedRequest request;
  request.method = head.method;
  request.target = head.target;
  request.body = std::move(body);
  request.certificate_sha256 = head.certificate_sha256;
  request.system = header(head, "X-CB-System");
  request.time = header(head, "X-CB-Time");
  request.nonce = header(head, "X-CB-Nonce");
  request.signature = header(head, "X-CB-Signature");
  request.assertion = header(head, "X-CB-Assertion");
  return request;
}

std::optional<http::FrontAnswer> refuse_place(const http::FrontHead& head) {
  const bool query = kind_of(head).has_value();
  if (!query && find_service("", head.path) == nullptr) {
    return http::early_answer(404, "query.path", "there is nothing under this path");
  }
  if (query ? head.method == "POST" : find_service(head.method, head.path) != nullptr) {
    return std::nullopt;
  }
  return http::early_answer(405, "query.method",
                            query ? "queries are posted" : "this path has another method");
}

class Front final : public QueryFront, private http::FrontHandler {
 public:
  explicit Front(QueryDesk& desk) : desk_(desk) {}
  ~Front() override { Front::stop(); }

  Result<void> open(const http::FrontSettings& settings) {
    auto front = http::HttpFront::open(settings, *this);
    if (!front) return front.error();
    front_ = std::move(front).value();
    return {};
  }
  std::uint16_t port() const override { return front_->port(); }
  void close() override {
    if (front_) front_->close();
  }
  void stop() override {
    if (front_) front_->stop();
  }

 private:
  std::optional<http::FrontAnswer> refuse(const http::FrontHead& head) override {
    if (auto refused = refuse_place(head)) return refused;
    if (head.method == "GET") return std::nullopt;
    const std::string charset = http::charset_of(head.content_type);
    const bool is_json = head.content_type.starts_with("application/json");
    if (is_json && (charset.empty() || charset == "utf-8")) return std::nullopt;
    return http::early_answer(415, "query.media_type", "queries are application/json in UTF-8");
  }
  std::uint64_t most_body(const http::FrontHead& head) override {
    if (kind_of(head) == QueryKind::kVerify) return kLargestVerification;
    const DeskService* service = find_service(head.method, head.path);
    return service != nullptr ? service->most_body : kLargestQuery;
  }
  void handle(const http::FrontHead& head, std::string body, http::FrontReply reply) override {
    const auto answered = [reply = std::move(reply)](QueryResponse response) {
      reply(to_front(std::move(response)));
    };
    SignedRequest request = signed_request(head, std::move(body));
    if (const auto kind = kind_of(head)) return desk_.answer(*kind, std::move(request), answered);
    if (const DeskService* service = find_service(head.method, head.path)) {
      desk_.serve(*service, std::move(request), answered);
    }
  }

  QueryDesk& desk_;
  std::unique_ptr<http::HttpFront> front_{};
};

http::FrontSettings settings_of(const QueriesConfig& configuration) {
  http::FrontSettings settings;
  const std::size_t colon = configuration.listen.rfind(':');
  settings.address = configuration.listen.substr(0, colon);
  if (settings.address.starts_with('[')) {
    settings.address = settings.address.substr(1, settings.address.size() - 2);
  }
  if (settings.address == "localhost") settings.address = "127.0.0.1";
  const std::string port = configuration.listen.substr(colon + 1);
  std::from_chars(port.data(), port.data() + port.size(), settings.port);
  settings.max_body = kLargestQuery;
  settings.certificate = configuration.certificate;
  settings.key = configuration.key;
  settings.client_ca = configuration.client_ca;
  settings.clients_must_show = false;  // others sign each request with a key
  settings.headers = {"X-CB-System", "X-CB-Time", "X-CB-Nonce", "X-CB-Signature", "X-CB-Assertion"};
  return settings;
}

}  // namespace

Result<std::unique_ptr<QueryFront>> open_query_front(const QueriesConfig& configuration,
                                                     QueryDesk& desk) {
  auto front = std::make_unique<Front>(desk);
  if (auto opened = front->open(settings_of(configuration)); !opened) return opened.error();
  return std::unique_ptr<QueryFront>(std::move(front));
}

}  // namespace certbridge::host

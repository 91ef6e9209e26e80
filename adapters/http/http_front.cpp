#include "http_front.h"

#include <pthread.h>

#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <thread>

namespace certbridge::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using Tcp = asio::ip::tcp;
using Problem = boost::system::error_code;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Parser = wire::request_parser<wire::string_body>;

constexpr std::chrono::seconds kDrainTime{2};
constexpr std::size_t kDrainBytes = 1 << 20;
constexpr std::chrono::milliseconds kStopTime{1000};

auto quiet(Problem& problem) { return asio::redirect_error(asio::use_awaitable, problem); }

FrontAnswer early(int status, const char* code, const char* message) {
  return {status, std::string(R"({"code":")") + code + R"(","message":")" + message + "\"}", {}};
}

std::string text_of(beast::string_view view) { return {view.data(), view.size()}; }

FrontHead head_of(const Parser& parser) {
  const auto& request = parser.get();
  FrontHead head;
  head.method = text_of(request.method_string());
  const std::string target = text_of(request.target());
  head.path = target.substr(0, target.find('?'));
  head.authorization = text_of(request[wire::field::authorization]);
  head.api_key = text_of(request["X-Api-Key"]);
  return head;
}

std::size_t count_of(const Parser& parser, wire::field field) { return parser.get().count(field); }

// What two readers could frame differently, or address to different hosts.
std::optional<FrontAnswer> check_framing(const Parser& parser) {
  const auto& request = parser.get();
  const std::size_t codings = count_of(parser, wire::field::transfer_encoding);
  const bool chunked =
      codings == 1 && beast::iequals(request[wire::field::transfer_encoding], "chunked");
  if (codings > 0 && (!chunked || request.version() < 11)) {
    return early(400, "http.framing", "transfer coding other than chunked");
  }
  if (count_of(parser, wire::field::content_length) > 1 ||
      (codings > 0 && count_of(parser, wire::field::content_length) > 0)) {
    return early(400, "http.framing", "the length of the body is said twice");
  }
  if (request.version() >= 11 && count_of(parser, wire::field::host) != 1) {
    return early(400, "http.framing", "exactly one Host header is needed");
  }
  return std::nullopt;
}

FrontAnswer answer_of(const Problem& problem) {
  if (problem == wire::error::header_limit)
    return early(431, "http.header_too_large", "the head is too large");
  if (problem == wire::error::body_limit)
    return early(413, "http.body_too_large", "the body is too large");
  return early(400, "http.malformed", "not proper HTTP");
}

// Worth an answer: the peer sent something wrong, and did not just go away or fall silent.
bool is_wrong_input(const Problem& problem) {
  return problem.category() == wire::make_error_code(wire::error::bad_method).category() &&
         problem != wire::error::end_of_stream && problem != wire::error::partial_message;
}

wire::response<wire::string_body> write_answer(const FrontAnswer& answer, unsigned version,
                                               bool keep_alive) {
  wire::response<wire::string_body> response(static_cast<wire::status>(answer.status), version);
  response.set(wire::field::content_type, "application/json; charset=UTF-8");
  if (answer.status == 401) response.set(wire::field::www_authenticate, "Bearer");
  if (answer.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*answer.retry_after).count();
    response.set(wire::field::retry_after, std::to_string(std::max<std::int64_t>(seconds, 1)));
  }
  response.keep_alive(keep_alive);
  response.body() = answer.body;
  response.prepare_payload();
  return response;
}

class Front final : public HttpFront {
 public:
  Front(FrontSettings settings, FrontHandler& handler)
      : settings_(std::move(settings)), handler_(handler), acceptor_(loop_) {}
  ~Front() override { Front::stop(); }

  Result<void> open() {
    if (!settings_.certificate.empty()) {
      if (auto tls = open_tls(); !tls) return tls;
    }
    Problem problem;
    const auto address = asio::ip::make_address(settings_.address, problem);
    if (!problem) acceptor_.open(Tcp::endpoint(address, 0).protocol(), problem);
    if (!problem) acceptor_.set_option(asio::socket_base::reuse_address(true), problem);
    if (!problem) acceptor_.bind({address, settings_.port}, problem);
    if (!problem) acceptor_.listen(asio::socket_base::max_listen_connections, problem);
    if (problem) {
      return Error::fault("http.listen", "cannot listen on " + settings_.address + ":" +
                                             std::to_string(settings_.port) + ": " +
                                             problem.message());
    }
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(loop_, accept_all(), asio::detached);
    thread_ = std::thread([this] {
      pthread_setname_np(pthread_self(), "http-front");
      loop_.run();
    });
    return {};
  }

  std::uint16_t port() const override { return port_; }
  void close() override {
    closing_ = true;
    asio::post(loop_, [this] {
      Problem ignored;
      acceptor_.close(ignored);
    });
  }
  void stop() override {
    if (!thread_.joinable()) return;
    close();
    const auto until = std::chrono::steady_clock::now() + kStopTime;
    while (answering_ > 0 && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    loop_.stop();
    thread_.join();
  }

 private:
  Result<void> open_tls() {
    Problem problem;
    tls_.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1 |
                     asio::ssl::context::no_sslv3);
    const std::string passphrase = settings_.key_passphrase;
    tls_.set_password_callback(
        [passphrase](std::size_t, asio::ssl::context::password_purpose) { return passphrase; },
        problem);
    if (!problem) tls_.use_certificate_chain_file(settings_.certificate, problem);
    if (!problem) tls_.use_private_key_file(settings_.key, asio::ssl::context::pem, problem);
    if (!problem && !settings_.client_ca.empty()) {
      tls_.load_verify_file(settings_.client_ca, problem);
      tls_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
    if (!problem) return {};
    return Error::fault("http.tls", "the TLS files cannot be used: " + problem.message() +
                                        "; check certificate, key, its passphrase and client-ca");
  }

  asio::awaitable<void> accept_all() {
    while (!closing_) {
      Problem problem;
      Tcp::socket socket = co_await acceptor_.async_accept(quiet(problem));
      if (problem == asio::error::operation_aborted) co_return;
      if (problem) {  // out of descriptors: a pause instead of a busy loop
        asio::steady_timer pause(loop_, std::chrono::milliseconds(50));
        co_await pause.async_wait(quiet(problem));
        continue;
      }
      if (connections_ >= settings_.max_connections) continue;  // closed by leaving scope
      ++connections_;
      asio::co_spawn(loop_, converse(std::move(socket)),
                     [this](const std::exception_ptr&) { --connections_; });
    }
  }

  asio::awaitable<void> converse(Tcp::socket socket) {
    Problem problem;
    socket.set_option(Tcp::no_delay(true), problem);
    if (settings_.certificate.empty()) {
      PlainStream stream(std::move(socket));
      co_await serve(stream);
      co_return;
    }
    TlsStream stream(PlainStream(std::move(socket)), tls_);
    beast::get_lowest_layer(stream).expires_after(settings_.header_timeout);
    co_await stream.async_handshake(asio::ssl::stream_base::server, quiet(problem));
    if (!problem) co_await serve(stream);
  }

  template <class Stream>
  asio::awaitable<void> serve(Stream& stream) {
    beast::flat_buffer buffer(settings_.max_header + 64 * 1024);
    bool go_on = true;
    while (go_on && !closing_) {
      Problem problem;
      if (buffer.size() == 0) {
        beast::get_lowest_layer(stream).expires_after(settings_.idle);
        const std::size_t count =
            co_await stream.async_read_some(buffer.prepare(4096), quiet(problem));
        if (problem) break;
        buffer.commit(count);
      }
      go_on = co_await one_request(stream, buffer);
    }
    Problem ignored;
    beast::get_lowest_layer(stream).socket().shutdown(Tcp::socket::shutdown_both, ignored);
  }

  // False when the connection must not be read on.
  template <class Stream>
  asio::awaitable<bool> one_request(Stream& stream, beast::flat_buffer& buffer) {
    Parser parser;
    parser.header_limit(settings_.max_header);
    parser.body_limit(settings_.max_body);
    beast::get_lowest_layer(stream).expires_after(settings_.header_timeout);
    Problem problem;
    co_await wire::async_read_header(stream, buffer, parser, quiet(problem));
    if (problem) {
      if (is_wrong_input(problem)) co_await answer_and_drain(stream, answer_of(problem));
      co_return false;
    }
    std::optional<FrontAnswer> refused = check_framing(parser);
    const FrontHead head = head_of(parser);
    if (!refused) refused = handler_.refuse(head);
    if (refused) {
      co_await answer_and_drain(stream, *refused);
      co_return false;
    }
    beast::get_lowest_layer(stream).expires_after(settings_.body_timeout);
    if (beast::iequals(parser.get()[wire::field::expect], "100-continue")) {
      wire::response<wire::empty_body> go_ahead(wire::status::continue_, 11);
      co_await wire::async_write(stream, go_ahead, quiet(problem));
    }
    if (!problem) co_await wire::async_read(stream, buffer, parser, quiet(problem));
    if (problem) {
      if (is_wrong_input(problem)) co_await answer_and_drain(stream, answer_of(problem));
      co_return false;
    }
    co_return co_await handle(stream, parser, head);
  }

  template <class Stream>
  asio::awaitable<bool> handle(Stream& stream, Parser& parser, const FrontHead& head) {
    ++answering_;
    beast::get_lowest_layer(stream).expires_never();
    const FrontAnswer answer = co_await ask(head, std::move(parser.get().body()));
    const bool keep_alive = parser.get().keep_alive() && !closing_;
    auto response = write_answer(answer, parser.get().version(), keep_alive);
    Problem problem;
    beast::get_lowest_layer(stream).expires_after(settings_.body_timeout);
    co_await wire::async_write(stream, response, quiet(problem));
    --answering_;
    co_return keep_alive && !problem;
  }

  asio::awaitable<FrontAnswer> ask(const FrontHead& head, std::string body) {
    auto initiate = [this, &head, &body](auto completion) {
      // Shared: the reply is a copyable function that lives with whoever answers.
      auto waiting = std::make_shared<decltype(completion)>(std::move(completion));
      handler_.handle(head, std::move(body), [this, waiting](FrontAnswer answer) {
        asio::post(loop_, [waiting, answer = std::move(answer)]() mutable {
          (*waiting)(std::move(answer));
        });
      });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(FrontAnswer)>(
        initiate, asio::use_awaitable);
  }

  // Answers, says that nothing follows, and takes in for a while what the peer still sends: a reset
  // would swallow the answer. Nothing of it is ever read as a request.
  template <class Stream>
  asio::awaitable<void> answer_and_drain(Stream& stream, FrontAnswer answer) {
    Problem problem;
    auto response = write_answer(answer, 11, false);
    beast::get_lowest_layer(stream).expires_after(kDrainTime);
    co_await wire::async_write(stream, response, quiet(problem));
    PlainStream& lowest = beast::get_lowest_layer(stream);
    if (!problem) lowest.socket().shutdown(Tcp::socket::shutdown_send, problem);
    std::array<char, 8192> waste{};
    for (std::size_t taken = 0; !problem && taken < kDrainBytes;) {
      taken += co_await lowest.async_read_some(asio::buffer(waste), quiet(problem));
    }
  }

  FrontSettings settings_;
  FrontHandler& handler_;
  asio::io_context loop_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  Tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::uint64_t connections_ = 0;  // the loop's thread only
  std::atomic<int> answering_{0};
  std::atomic<bool> closing_{false};
  std::thread thread_{};
};

}  // namespace

FrontHandler::~FrontHandler() = default;
HttpFront::~HttpFront() = default;

Result<std::unique_ptr<HttpFront>> HttpFront::open(const FrontSettings& settings,
                                                   FrontHandler& handler) {
  auto front = std::make_unique<Front>(settings, handler);
  if (auto opened = front->open(); !opened) return opened.error();
  return std::unique_ptr<HttpFront>(std::move(front));
}

}  // namespace certbridge::http

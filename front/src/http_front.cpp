#include "certbridge_front/http_front.h"

#include <pthread.h>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <thread>

#include "conversation.h"

namespace certbridge::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using Problem = boost::system::error_code;

constexpr std::chrono::milliseconds kStopTime{1000};

auto quiet(Problem& problem) { return asio::redirect_error(asio::use_awaitable, problem); }

class Front final : public HttpFront {
 public:
  Front(FrontSettings settings, FrontHandler& handler)
      : settings_(std::move(settings)), share_(settings_, handler, loop_, tls_), acceptor_(loop_) {}
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
    share_.closing = true;
    asio::post(loop_, [this] {
      Problem ignored;
      acceptor_.close(ignored);
    });
  }
  void stop() override {
    if (!thread_.joinable()) return;
    close();
    const auto until = std::chrono::steady_clock::now() + kStopTime;
    while (share_.answering > 0 && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    loop_.stop();
    thread_.join();
    share_.pieces.stop();
  }

 private:
  Result<void> open_tls() {
    Problem problem;
    tls_.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1 |
                     asio::ssl::context::no_sslv3);
    tls_.set_password_callback(
        [passphrase = settings_.key_passphrase](std::size_t, asio::ssl::context::password_purpose) {
          return passphrase;
        },
        problem);
    if (!problem) tls_.use_certificate_chain_file(settings_.certificate, problem);
    if (!problem) tls_.use_private_key_file(settings_.key, asio::ssl::context::pem, problem);
    if (!problem && !settings_.client_ca.empty()) {
      tls_.load_verify_file(settings_.client_ca, problem);
      tls_.set_verify_mode(settings_.clients_must_show
                               ? asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert
                               : asio::ssl::verify_peer);
    }
    if (!problem) return {};
    return Error::fault("http.tls", "the TLS files cannot be used: " + problem.message() +
                                        "; check certificate, key, its passphrase and client-ca");
  }

  asio::awaitable<void> accept_all() {
    while (!share_.closing) {
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
      asio::co_spawn(loop_, converse(std::move(socket), share_),
                     [this](const std::exception_ptr&) { --connections_; });
    }
  }

  FrontSettings settings_;
  asio::io_context loop_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  ConversationShare share_;
  Tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::uint64_t connections_ = 0;  // the loop's thread only
  std::thread thread_{};
};

}  // namespace

FrontContent::~FrontContent() = default;
FrontHandler::~FrontHandler() = default;
std::uint64_t FrontHandler::most_body(const FrontHead&) { return 0; }
HttpFront::~HttpFront() = default;

Result<std::unique_ptr<HttpFront>> HttpFront::open(const FrontSettings& settings,
                                                   FrontHandler& handler) {
  auto front = std::make_unique<Front>(settings, handler);
  if (auto opened = front->open(); !opened) return opened.error();
  return std::unique_ptr<HttpFront>(std::move(front));
}

}  // namespace certbridge::http

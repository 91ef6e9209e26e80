#include "operate/operate_front.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/X509Certificate.h>
#include <Poco/ThreadPool.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <ostream>

#include "operate/wire.h"

namespace certbridge::host {
namespace {

namespace net = Poco::Net;

constexpr std::size_t kLargestBody = 64UL * 1024;
constexpr int kThreads = 4;
const Poco::Timespan kPatience(10, 0);  // for each read of a request

std::optional<unsigned> user_at(net::StreamSocket& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket.impl()->sockfd(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {};
  return peer.uid;
}

std::string certificate_of(net::StreamSocket& socket) {
  if (!socket.secure()) return {};
  net::SecureStreamSocket secure(socket);
  if (!secure.havePeerCertificate()) return {};
  const net::X509Certificate certificate = secure.peerCertificate();
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(const_cast<X509*>(certificate.certificate()), &bytes);
  if (size <= 0) return {};
  const std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return sha256_hex(der);
}

std::string key_of(const net::HTTPServerRequest& request) {
  const std::string shown = request.get("Authorization", "");
  constexpr std::string_view kScheme = "Bearer ";
  return shown.starts_with(kScheme) ? shown.substr(kScheme.size()) : std::string();
}

// Nothing when it is larger than allowed.
std::optional<std::string> body_of(net::HTTPServerRequest& request) {
  if (request.hasContentLength() &&
      request.getContentLength64() > static_cast<Poco::Int64>(kLargestBody)) {
    return {};
  }
  std::string body(kLargestBody + 1, '\0');
  request.stream().read(body.data(), static_cast<std::streamsize>(body.size()));
  body.resize(static_cast<std::size_t>(request.stream().gcount()));
  if (body.size() > kLargestBody) return {};
  return body;
}

class Handler final : public net::HTTPRequestHandler {
 public:
  Handler(OperationDesk& desk, bool local) : desk_(desk), local_(local) {}

  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    const OperationResponse given = answer(request);
    // A body that was refused is not read to its end, so the connection must not be used again.
    response.setKeepAlive(false);
    response.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(given.status));
    if (given.status == 401) response.set("WWW-Authenticate", "Bearer");
    response.set("Cache-Control", "no-store");
    response.setContentType("application/json");
    response.setContentLength64(static_cast<Poco::Int64>(given.body.size()));
    response.send() << given.body;
  }

 private:
  OperationResponse answer(net::HTTPServerRequest& request) {
    OperationRequest asked;
    asked.method = request.getMethod();
    asked.target = request.getURI();
    net::StreamSocket& socket = static_cast<net::HTTPServerRequestImpl&>(request).socket();
    if (local_) {
      asked.user = user_at(socket);
    } else {
      asked.key = key_of(request);
      asked.certificate_sha256 = certificate_of(socket);
    }
    if (asked.method == net::HTTPRequest::HTTP_POST) {
      auto body = body_of(request);
      if (!body) {
        return {413,
                write_error(Error::permanent("operate.body", "a body has at most 64 kB")) + "\n"};
      }
      asked.body = std::move(*body);
    }
    return desk_.answer(asked);
  }

  OperationDesk& desk_;
  bool local_;
};

class Factory final : public net::HTTPRequestHandlerFactory {
 public:
  Factory(OperationDesk& desk, bool local) : desk_(desk), local_(local) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new Handler(desk_, local_);  // POCO owns it
  }

 private:
  OperationDesk& desk_;
  bool local_;
};

// One place to listen at, with threads of its own.
class Listener {
 public:
  Listener(const std::string& name, const net::ServerSocket& socket, OperationDesk& desk,
           bool local)
      : pool_(name, 1, kThreads), server_(new Factory(desk, local), pool_, socket, parameters()) {
    server_.start();
  }
  ~Listener() { stop(); }
  // A thread that was given a connection and has not begun with it would otherwise never begin, and
  // hold POCO's dispatcher for ever.
  void stop() {
    server_.stopAll(true);
    pool_.joinAll();
  }
  std::uint16_t port() const { return server_.port(); }

 private:
  static net::HTTPServerParams::Ptr parameters() {
    net::HTTPServerParams::Ptr chosen = new net::HTTPServerParams;
    chosen->setKeepAlive(false);
    chosen->setTimeout(kPatience);
    chosen->setMaxThreads(kThreads);
    chosen->setMaxQueued(32);
    return chosen;
  }

  Poco::ThreadPool pool_;
  net::HTTPServer server_;
};

// The data folder's lock says that no other host of these data runs: what lies there is left over.
// Elsewhere a socket that somebody answers is another host's.
void remove_left_over(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) throw Poco::FileExistsException("it is there and is no socket");
  bool answered = true;
  try {
    net::StreamSocket probe;
    probe.connect(net::SocketAddress(net::SocketAddress::UNIX_LOCAL, path));
  } catch (const Poco::Exception&) {
    answered = false;
  }
  if (answered) throw Poco::FileExistsException("another host listens there");
  ::unlink(path.c_str());
}

net::ServerSocket local_socket(const std::string& path) {
  remove_left_over(path);
  net::ServerSocket socket;
  socket.bind(net::SocketAddress(net::SocketAddress::UNIX_LOCAL, path), false);
  socket.listen();
  // Whoever reaches it may connect: the operating system tells who he is.
  ::chmod(path.c_str(), 0666);
  return socket;
}

net::ServerSocket http_socket(const OperateConfig& configuration) {
  const net::SocketAddress address(configuration.address);
  if (configuration.certificate.empty()) {
    net::ServerSocket socket;
    socket.bind(address, true, false);
    socket.listen();
    return socket;
  }
  const auto verify =
      configuration.client_ca.empty() ? net::Context::VERIFY_NONE : net::Context::VERIFY_RELAXED;
  net::Context::Ptr context =
      new net::Context(net::Context::TLS_SERVER_USE, configuration.private_key,
                       configuration.certificate, configuration.client_ca, verify, 3, false);
  context->requireMinimumProtocol(net::Context::PROTO_TLSV1_2);
  net::SecureServerSocket socket(context);
  socket.bind(address, true, false);
  socket.listen();
  return socket;
}

class PocoOperateFront final : public OperateFront {
 public:
  PocoOperateFront(const OperateConfig& configuration, OperationDesk& desk)
      : path_(configuration.socket),
        local_(std::make_unique<Listener>("operate", local_socket(path_), desk, true)) {
    if (configuration.address.empty()) return;
    http_ = std::make_unique<Listener>("operate-http", http_socket(configuration), desk, false);
  }
  ~PocoOperateFront() override { stop(); }
  std::uint16_t port() const override { return http_ ? http_->port() : std::uint16_t{0}; }
  void stop() override {
    if (http_) http_->stop();
    if (!local_) return;
    local_.reset();
    ::unlink(path_.c_str());
  }

 private:
  std::string path_;
  std::unique_ptr<Listener> local_;
  std::unique_ptr<Listener> http_{};
};

}  // namespace

Result<std::unique_ptr<OperateFront>> open_operate_front(const OperateConfig& configuration,
                                                         OperationDesk& desk) {
  try {
    return std::unique_ptr<OperateFront>(std::make_unique<PocoOperateFront>(configuration, desk));
  } catch (const Poco::Exception& problem) {
    return Error::fault("operate.listen",
                        "operations cannot be listened for at " + configuration.socket +
                            (configuration.address.empty() ? "" : " and " + configuration.address) +
                            ": " + problem.displayText() + "; mend <operate>");
  }
}

}  // namespace certbridge::host

#include "connection.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <limits>
#include <optional>

namespace certbridge::http {
namespace {

using Poco::Net::SecureStreamSocket;
using Poco::Net::Socket;
using Poco::Net::StreamSocket;

// A wait looks at the stop token this often.
constexpr std::chrono::milliseconds kSlice{100};

class OpenedTlsClient final : public TlsClient {
 public:
  explicit OpenedTlsClient(Poco::Net::Context::Ptr context) : context_(std::move(context)) {}
  const Poco::Net::Context::Ptr& context() const { return context_; }

 private:
  Poco::Net::Context::Ptr context_;
};

Error closed(const std::string& why) {
  return Error::retryable("http.closed", "the connection broke: " + why);
}
Error tls_failed(const std::string& why) {
  return Error::fault("http.tls", "TLS failed: " + why +
                                      "; check ca-file, the client certificate and that base-url "
                                      "names the host of the server's certificate");
}

// Once the handshake is over a TLS error is a fault of the set-up only when a certificate is
// refused (TLS 1.3 tells a client so with its first answer); else bytes were damaged on their way.
Error tls_broken(const std::string& why) {
  const bool refused = why.find("certificate") != std::string::npos ||
                       why.find("unknown ca") != std::string::npos ||
                       why.find("access denied") != std::string::npos;
  return refused ? tls_failed(why) : closed("TLS found damage: " + why);
}

enum class TlsState { kNone, kHandshake, kEstablished };

// Runs what POCO does and turns what it throws into the code that fits. TLS errors are looked at
// first: they derive from network errors.
template <class Work>
auto guarded(Work&& work, TlsState tls) -> decltype(work()) {
  try {
    return work();
  } catch (const Poco::Net::SSLConnectionUnexpectedlyClosedException&) {
    return closed("the server closed without a TLS goodbye");
  } catch (const Poco::Net::SSLException& problem) {
    const std::string why = problem.message().empty() ? problem.name() : problem.message();
    return tls == TlsState::kEstablished ? tls_broken(why) : tls_failed(why);
  } catch (const Poco::Net::ConnectionRefusedException&) {
    return Error::retryable("http.refused", "the server refuses connections");
  } catch (const Poco::TimeoutException&) {
    return Error::retryable("http.timeout", "the server did not answer in time");
  } catch (const Poco::Exception& problem) {
    return closed(std::string(problem.name()) + (tls == TlsState::kNone ? "" : " under TLS"));
  }
}

// By the system's own call: POCO makes and closes an epoll instance for each question.
Result<bool> is_ready(const Socket& socket, int mode, std::chrono::microseconds most) {
  pollfd asked{socket.impl()->sockfd(), 0, 0};
  if ((mode & Socket::SELECT_READ) != 0) asked.events |= POLLIN;
  if ((mode & Socket::SELECT_WRITE) != 0) asked.events |= POLLOUT;
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(most).count();
  const int answer = ::poll(&asked, 1, static_cast<int>(milliseconds));
  if (answer < 0 && errno != EINTR) return closed("poll, error number " + std::to_string(errno));
  return answer > 0;
}

// Waits until the socket can be read or written, by slices so that a stop is heard.
Result<void> await(const Socket& socket, int mode, const Wait& wait) {
  while (true) {
    if (wait.stop.stop_requested()) {
      return Error::retryable("http.cancelled", "the call was stopped");
    }
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
        wait.until - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return Error::retryable("http.timeout",
                              std::string("no progress in time while ") + wait.phase);
    }
    const auto slice = std::min<std::chrono::microseconds>(left, kSlice);
    const auto ready = is_ready(socket, mode, slice);
    if (!ready) return ready.error();
    if (ready.value()) return {};
  }
}

int wanted(int answer, int otherwise) {
  if (answer == SecureStreamSocket::ERR_SSL_WANT_READ) return Socket::SELECT_READ;
  if (answer == SecureStreamSocket::ERR_SSL_WANT_WRITE) return Socket::SELECT_WRITE;
  return otherwise;
}

Error bad_files(const std::string& why) {
  return Error::fault("http.tls", "the TLS files cannot be used: " + why +
                                      "; check ca-file, client-certificate, client-key and its "
                                      "passphrase");
}

// Not by POCO's key class: it leaks when the passphrase is wrong.
bool use_key(Poco::Net::Context& context, const ClientSettings& settings) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> file(
      BIO_new_file(settings.client_key.c_str(), "r"), &BIO_free);
  if (file == nullptr) return false;
  std::string passphrase = settings.client_key_passphrase;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, passphrase.data()), &EVP_PKEY_free);
  const bool used = key != nullptr &&
                    SSL_CTX_use_PrivateKey(context.sslContext(), key.get()) == 1 &&
                    SSL_CTX_check_private_key(context.sslContext()) == 1;
  ERR_clear_error();
  return used;
}

class OpenConnection final : public Connection {
 public:
  OpenConnection(const StreamSocket& socket, bool tls) : socket_(socket), tls_(tls) {}
  ~OpenConnection() override {
    try {
      socket_.close();
    } catch (...) {  // NOLINT(bugprone-empty-catch): closing what is broken may fail
    }
  }

  Result<void> write(std::string_view bytes, const Wait& wait) override {
    return guarded([&]() -> Result<void> { return write_all(bytes, wait); }, state());
  }
  Result<std::size_t> read(std::span<char> into, const Wait& wait) override {
    return guarded([&]() -> Result<std::size_t> { return read_some(into, wait); }, state());
  }
  bool is_stale() override {
    try {
      char byte = 0;
      return socket_.receiveBytes(&byte, 1) >= 0;  // below zero: open and silent
    } catch (const Poco::Exception&) {
      return true;
    }
  }

 private:
  TlsState state() const { return tls_ ? TlsState::kEstablished : TlsState::kNone; }
  Result<void> write_all(std::string_view bytes, const Wait& wait) {
    while (!bytes.empty()) {
      auto sent = write_some(bytes);
      if (!sent) return sent.error();
      if (sent.value() > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent.value()));
        continue;
      }
      const int mode =
          tls_ ? wanted(sent.value(), Socket::SELECT_WRITE) : int{Socket::SELECT_WRITE};
      if (auto ready = await(socket_, mode, wait); !ready) return ready;
    }
    return {};
  }
  // Not above zero: what is to be waited for first.
  Result<int> write_some(std::string_view bytes) {
    constexpr std::size_t kMost = 1 << 20;
    const std::size_t count = std::min(bytes.size(), kMost);
    if (tls_) return socket_.sendBytes(bytes.data(), static_cast<int>(count), 0);
    // POCO throws when a plain socket that does not block is full.
    const auto sent = ::send(socket_.impl()->sockfd(), bytes.data(), count, MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<int>(sent);
    if (errno == EAGAIN || errno == EINTR) return 0;
    return closed("send, error number " + std::to_string(errno));
  }

  Result<std::size_t> read_some(std::span<char> into, const Wait& wait) {
    // Under TLS something may have been taken off the wire already; else an answer is yet to come.
    if (!tls_) {
      if (auto ready = await(socket_, Socket::SELECT_READ, wait); !ready) return ready.error();
    }
    while (true) {
      const int count = socket_.receiveBytes(into.data(), static_cast<int>(into.size()));
      if (count >= 0) return static_cast<std::size_t>(count);
      const int mode = tls_ ? wanted(count, Socket::SELECT_READ) : int{Socket::SELECT_READ};
      if (auto ready = await(socket_, mode, wait); !ready) return ready.error();
    }
  }

  StreamSocket socket_;
  bool tls_;
};

Result<StreamSocket> connect_one(const Poco::Net::SocketAddress& address, const Wait& wait) {
  return guarded(
      [&]() -> Result<StreamSocket> {
        StreamSocket socket;
        socket.connectNB(address);
        if (auto ready = await(socket, Socket::SELECT_WRITE, wait); !ready) return ready.error();
        int problem = 0;
        socket.impl()->getOption(SOL_SOCKET, SO_ERROR, problem);
        if (problem == ECONNREFUSED) {
          return Error::retryable("http.refused", "the server refuses connections");
        }
        if (problem != 0) {
          return Error::retryable("http.connect", "the server cannot be reached (error number " +
                                                      std::to_string(problem) + ")");
        }
        socket.setNoDelay(true);
        return socket;
      },
      TlsState::kNone);
}

Result<StreamSocket> connect_any(const std::vector<std::string>& addresses, std::uint16_t port,
                                 const Wait& wait) {
  std::optional<Error> last;
  for (const std::string& address : addresses) {
    auto socket = connect_one(Poco::Net::SocketAddress(address, port), wait);
    if (socket) return socket;
    last = socket.error();
    if (last->code == "http.timeout" || last->code == "http.cancelled") break;
  }
  return *last;
}

Result<StreamSocket> handshake(StreamSocket plain, const Target& target,
                               const Poco::Net::Context::Ptr& context, const Wait& wait) {
  return guarded(
      [&]() -> Result<StreamSocket> {
        SecureStreamSocket socket = SecureStreamSocket::attach(plain, target.host, context);
        ERR_clear_error();
        for (int step = socket.completeHandshake(); step < 0; step = socket.completeHandshake()) {
          if (auto ready = await(socket, wanted(step, Socket::SELECT_READ), wait); !ready) {
            return ready.error();
          }
        }
        socket.verifyPeerCertificate(target.host);
        return StreamSocket(socket);
      },
      TlsState::kHandshake);
}

}  // namespace

TlsClient::~TlsClient() = default;
Connection::~Connection() = default;

Result<std::shared_ptr<const TlsClient>> TlsClient::open(const ClientSettings& settings) {
  try {
    Poco::Net::Context::Params params;
    params.certificateFile = settings.client_certificate;
    params.caLocation = settings.ca_file;
    params.loadDefaultCAs = settings.ca_file.empty();
    params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
    Poco::Net::Context::Ptr context(
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params));
    context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    context->enableExtendedCertificateVerification(true);
    if (!settings.client_key.empty() && !use_key(*context, settings)) return bad_files("key");
    return std::shared_ptr<const TlsClient>(std::make_shared<OpenedTlsClient>(context));
  } catch (const Poco::Exception& problem) {
    return bad_files(problem.name());
  }
}

Result<std::unique_ptr<Connection>> Connection::open(const std::vector<std::string>& addresses,
                                                     const Target& target, const TlsClient* tls,
                                                     const Wait& wait) {
  auto socket = connect_any(addresses, target.port, wait);
  if (!socket) return socket.error();
  if (tls == nullptr) {
    socket.value().setBlocking(false);
    return std::unique_ptr<Connection>(
        std::make_unique<OpenConnection>(std::move(socket).value(), false));
  }
  const auto& opened = static_cast<const OpenedTlsClient&>(*tls);
  socket.value().setBlocking(false);
  auto secured = handshake(std::move(socket).value(), target, opened.context(), wait);
  if (!secured) return secured.error();
  return std::unique_ptr<Connection>(
      std::make_unique<OpenConnection>(std::move(secured).value(), true));
}

}  // namespace certbridge::http

// An HTTP/1.1 front on which connections are not threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::http {

struct FrontSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint64_t max_body = 1'000'000;
  std::uint32_t max_header = 16'000;
  std::uint64_t max_connections = 1024;
  // Requests with a body above max_body (FrontHandler::most_body) that may be here at once.
  std::uint64_t max_large_bodies = 2;
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle{60'000};
  // For each piece of an answer: a reader that takes less than a piece in this time is cut off.
  std::chrono::milliseconds write_timeout{30'000};
  std::string certificate{};  // PEM file; empty: no TLS
  std::string key{};
  std::string key_passphrase{};
  std::string client_ca{};        // PEM file: a certificate that a client shows must be from it
  bool clients_must_show = true;  // one, where client_ca is given
  std::vector<std::string> headers{};  // that the handler wants to see (FrontHead::headers)
};

// The head of a request, before its body is read.
struct FrontHead {
  std::string method{};
  std::string path{};    // without the query
  std::string target{};  // path and query, as sent
  std::string authorization{};
  std::string api_key{};
  std::string content_type{};
  std::string certificate_sha256{};  // of the client's certificate, lower-case hex; empty: none
  // Values of FrontSettings::headers, by the name given there; what was not sent is not here. A
  // request that sends one of them twice is refused.
  std::map<std::string, std::string, std::less<>> headers{};
};

// The body of an answer that leaves in pieces. The front asks for one piece after the other, on a
// thread that may wait for a disk, and never holds more than one of a connection.
inline constexpr std::size_t kLargestPiece = 64UL * 1024;
class FrontContent {
 public:
  virtual ~FrontContent();
  virtual std::uint64_t size() const = 0;
  // Fills `into` from `offset`; answers how many bytes. Nothing, or no byte before the end: the
  // connection is cut, so that the client sees that it did not get the whole.
  virtual std::optional<std::size_t> read(std::uint64_t offset, std::span<char> into) = 0;
};

struct FrontAnswer {
  int status = 500;
  std::string body{};  // JSON, unless media_type says otherwise
  std::optional<std::chrono::milliseconds> retry_after{};
  std::map<std::string, std::string> headers{};  // more of them; no line break in any
  std::string media_type{};                      // empty: application/json
  std::unique_ptr<FrontContent> content{};       // instead of `body`
};
// Called once, from any thread.
using FrontReply = std::function<void(FrontAnswer)>;

// What the front asks. All are called on the front's one thread and must not wait.
class FrontHandler {
 public:
  virtual ~FrontHandler();
  // Before the body is read: an answer refuses the request, which ends the connection.
  virtual std::optional<FrontAnswer> refuse(const FrontHead& head) = 0;
  // Largest body of this request in bytes; 0, as here: FrontSettings::max_body.
  virtual std::uint64_t most_body(const FrontHead& head);
  virtual void handle(const FrontHead& head, std::string body, FrontReply reply) = 0;
};

// Owns one thread, "http-front", and, from the first answer in pieces on, "front-read". Framing
// that two readers could see differently is refused, and every early answer closes the connection.
class HttpFront {
 public:
  // "http.listen", "http.tls". The handler outlives the front.
  static Result<std::unique_ptr<HttpFront>> open(const FrontSettings& settings,
                                                 FrontHandler& handler);
  virtual ~HttpFront();
  virtual std::uint16_t port() const = 0;
  // Takes no new connections and no new requests; replies still arrive.
  virtual void close() = 0;
  // Waits shortly for answers to leave, then joins the threads. Every reply must have been called.
  virtual void stop() = 0;
};

}  // namespace certbridge::http

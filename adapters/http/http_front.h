// An HTTP/1.1 front on which connections are not threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "certbridge/result.h"

namespace certbridge::http {

struct FrontSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint64_t max_body = 1'000'000;
  std::uint32_t max_header = 16'000;
  std::uint64_t max_connections = 1024;
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle{60'000};
  std::string certificate{};  // PEM file; empty: no TLS
  std::string key{};
  std::string key_passphrase{};
  std::string client_ca{};  // PEM file: clients must show a certificate from it
};

// The head of a request, before its body is read.
struct FrontHead {
  std::string method{};
  std::string path{};  // without the query
  std::string authorization{};
  std::string api_key{};
  std::string content_type{};
};
struct FrontAnswer {
  int status = 500;
  std::string body{};  // JSON
  std::optional<std::chrono::milliseconds> retry_after{};
};
// Called once, from any thread.
using FrontReply = std::function<void(FrontAnswer)>;

// What the front asks. Both are called on the front's one thread and must not wait.
class FrontHandler {
 public:
  virtual ~FrontHandler();
  // Before the body is read: an answer refuses the request, which ends the connection.
  virtual std::optional<FrontAnswer> refuse(const FrontHead& head) = 0;
  virtual void handle(const FrontHead& head, std::string body, FrontReply reply) = 0;
};

// Owns one thread, "http-front". Framing that two readers could see differently is refused, and
// every early answer closes the connection.
class HttpFront {
 public:
  // "http.listen", "http.tls". The handler outlives the front.
  static Result<std::unique_ptr<HttpFront>> open(const FrontSettings& settings,
                                                 FrontHandler& handler);
  virtual ~HttpFront();
  virtual std::uint16_t port() const = 0;
  // Takes no new connections and no new requests; replies still arrive.
  virtual void close() = 0;
  // Waits shortly for answers to leave, then joins the thread. Every reply must have been called.
  virtual void stop() = 0;
};

}  // namespace certbridge::http

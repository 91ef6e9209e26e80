// One request and its answer over a pooled connection, each phase within its time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "certbridge/message.h"
#include "client_settings.h"
#include "connection_pool.h"
#include "response_parser.h"
#include "target.h"

namespace certbridge::http {

struct Request {
  std::string method{};
  std::string path{};  // as join_path() made it
  std::vector<std::pair<std::string, std::string>> headers{};
  std::shared_ptr<const Content> body{};  // shared: a message's body, not copied; may be null
};

// Opens a place for a body that is too large for memory.
using OpenSpool = std::function<Result<std::unique_ptr<ContentWriter>>()>;

// Any thread may call. Clock and deadline are steady; wall time only reads Retry-After dates.
class Exchange {
 public:
  // `spool` takes bodies above kLargestContentInMemory while they come.
  Exchange(ClientSettings settings, Target target, std::shared_ptr<const TlsClient> tls,
           OpenSpool spool);
  // A request is sent once. Only GET, HEAD and OPTIONS are sent again, on a new connection, when a
  // kept connection turns out to be closed before the first byte of an answer.
  Result<Response> perform(const Request& request, std::chrono::steady_clock::time_point deadline,
                           const std::stop_token& stop, Timestamp now);
  // Opens a connection and keeps it.
  Result<void> probe(std::chrono::steady_clock::time_point deadline, const std::stop_token& stop);
  const Target& target() const { return target_; }
  void close_idle() { pool_.clear(); }

 private:
  struct Attempt;
  Result<Response> attempt(const Request& request, Attempt& attempt, bool fresh, Timestamp now);
  Result<void> send(Connection& connection, const Request& request, const Attempt& attempt);
  Result<void> receive(Connection& connection, ResponseParser& parser, Attempt& attempt);
  Result<void> move_body(ResponseParser& parser, Attempt& attempt);
  std::string head_of(const Request& request) const;

  ClientSettings settings_;
  Target target_;
  OpenSpool spool_;
  ConnectionPool pool_;
};

}  // namespace certbridge::http

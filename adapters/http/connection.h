// One connection to a server, plain or TLS, on which every wait ends at a time that is given.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"
#include "client_settings.h"
#include "target.h"

namespace certbridge::http {

// Until when to wait and what may end the wait early. `phase` is named in "http.timeout".
struct Wait {
  std::chrono::steady_clock::time_point until{};
  std::stop_token stop{};
  const char* phase = "";
};

// The TLS set-up of a client, read once. Any thread may use it.
class TlsClient {
 public:
  // "http.tls" (fault) when a file cannot be used.
  static Result<std::shared_ptr<const TlsClient>> open(const ClientSettings& settings);
  virtual ~TlsClient();
};

// One thread at a time. Errors: "http.connect", "http.refused", "http.timeout",
// "http.tls", "http.closed", "http.cancelled".
class Connection {
 public:
  // To the first of the addresses, at least one, that takes it. `tls` is null for plain
  // connections. The certificate must be valid for the target's host.
  static Result<std::unique_ptr<Connection>> open(const std::vector<std::string>& addresses,
                                                  const Target& target, const TlsClient* tls,
                                                  const Wait& wait);
  virtual ~Connection();
  virtual Result<void> write(std::string_view bytes, const Wait& wait) = 0;
  // At least one byte, or 0 when the server closed in good order.
  virtual Result<std::size_t> read(std::span<char> into, const Wait& wait) = 0;
  // Whether the server has closed, or sent what nobody asked for, while nothing was under way.
  virtual bool is_stale() = 0;
};

}  // namespace certbridge::http

// Ends a connection whose other side says nothing for too long.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace certbridge::file {

// libssh waits for the answers of an SFTP server without end. This shuts the socket down when an
// exchange is over its limit or is to stop, which libssh takes as a broken connection. Has a thread
// of its own, "sftp-limit", which ends with it.
class ExchangeLimit {
 public:
  // `socket` is borrowed and stays open for as long as this lives.
  explicit ExchangeLimit(int socket);
  ~ExchangeLimit();
  ExchangeLimit(const ExchangeLimit&) = delete;
  ExchangeLimit& operator=(const ExchangeLimit&) = delete;
  // From now on until clear(), or set() again.
  void set(std::chrono::steady_clock::time_point until, std::stop_token stop);
  void clear();
  // Whether it ended the connection.
  bool was_over();

 private:
  void run();

  int socket_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::optional<std::chrono::steady_clock::time_point> until_{};
  std::stop_token stop_{};
  bool over_ = false;
  bool ending_ = false;
  std::thread thread_{};
};

}  // namespace certbridge::file

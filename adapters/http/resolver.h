// The addresses of one host name, looked up within the caller's time.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "connection.h"

namespace certbridge::http {

// Any thread may call. The system's lookup cannot be cut short, so a thread of its own,
// "http-resolver", waits for it; it begins with the first name and ends with the resolver, which
// waits for a lookup that is under way.
class Resolver {
 public:
  using Addresses = Result<std::vector<std::string>>;
  using Lookup = std::function<Addresses(const std::string& host)>;
  Resolver(std::string host, Lookup lookup);
  ~Resolver();
  // An address instead of a name is its own answer. "http.resolve", "http.timeout",
  // "http.cancelled". Callers at once share one lookup.
  Addresses addresses(const Wait& wait);

 private:
  void work();

  std::string host_;
  Lookup lookup_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  bool wanted_ = false;
  bool looking_ = false;
  bool stopping_ = false;
  std::uint64_t answers_ = 0;
  Addresses last_{std::vector<std::string>{}};
  std::thread thread_{};
};

// Asks the system.
Resolver::Addresses look_up(const std::string& host);

}  // namespace certbridge::http

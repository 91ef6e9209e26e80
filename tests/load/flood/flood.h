// The two halves of the plugin "flood", which makes load inside the host for tests/load.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "certbridge/plugin.h"

namespace certbridge::flood {

// Header of a message: its number from 1 on, and when it was due (steady clock, nanoseconds).
constexpr const char* kNumber = "number";
constexpr const char* kDue = "due";

class Feed final : public Source {
 public:
  // `path` is folder and name without an ending.
  Feed(std::string path, std::size_t bytes) : path_(std::move(path)), body_(bytes, 'b') {}
  ~Feed() override { Feed::stop(); }
  Result<void> listen(Receiver& receiver) override;
  void stop() override;

 private:
  struct Order {
    std::uint64_t before = 0;  // messages of all orders before this one
    std::uint64_t count = 0;
    double per_second = 0;
  };

  void work(Receiver& receiver);
  std::size_t done_before() const;
  bool next_order(std::size_t skip, Order& order) const;
  void carry_out(const Order& order, Receiver& receiver);
  void hand_over(std::vector<Message> messages, Receiver& receiver);
  Message make(std::uint64_t number, std::chrono::steady_clock::time_point due) const;
  void note(const char* ending, std::uint64_t value) const;
  bool wait_until(std::chrono::steady_clock::time_point then);

  std::string path_;
  std::string body_;
  std::uint64_t busy_ = 0;
  std::mutex mutex_{};
  std::condition_variable stopped_{};
  bool stopping_ = false;
  std::thread thread_{};
};

// What arrived is appended to its file: number, latency and time, 8 bytes each (steady clock,
// nanoseconds), before the host hears of it.
class Counterpart final : public Sink {
 public:
  explicit Counterpart(std::string path) : path_(std::move(path)) {}
  ~Counterpart() override;
  Result<void> start() override;
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;

 private:
  std::string mood() const;
  // An error while it is to be dead or silent.
  Result<void> answers(const Call& call) const;

  std::string path_;
  int file_ = -1;
};

}  // namespace certbridge::flood

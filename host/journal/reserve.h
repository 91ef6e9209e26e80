// Room on the disk that is kept back, so that deliveries can still be marked when it is full.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace certbridge::host {

// A file of fixed size. While it has its room everything may be written; once its room was given
// up the journal takes in nothing new until it can be had again. Any thread.
class Reserve {
 public:
  // `bytes` 0: there is no reserve, and it is never spent.
  Reserve(std::string file, std::uint64_t bytes) : file_(std::move(file)), bytes_(bytes) {}

  // Takes the room, or stays spent when the disk has none to spare.
  void renew();
  bool is_spent() const { return spent_; }
  // Gives the room to whoever writes next; false when it was given up before.
  bool give_up();

 private:
  std::string file_;
  std::uint64_t bytes_;
  std::mutex mutex_{};
  std::atomic<bool> spent_{false};
};

}  // namespace certbridge::host

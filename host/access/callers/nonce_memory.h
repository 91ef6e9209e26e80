// Which nonces were used: for as long as a request with one of them could be repeated.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

// Of one system. Any thread. Keeps 8 bytes of a digest of each: of a million nonces one in some ten
// million is taken for another.
class NonceMemory {
 public:
  explicit NonceMemory(std::size_t most) : most_(most) {}

  enum class Answer : std::uint8_t { kNew = 1, kRepeated = 2, kFull = 3 };
  // Remembers it until `until`, and up to a second longer. Full: nothing is forgotten early, so it
  // was not taken.
  Answer take(std::string_view nonce, Timestamp until, Timestamp now);

 private:
  void forget_before(Timestamp now);

  const std::size_t most_;
  std::mutex mutex_{};
  std::unordered_set<std::uint64_t> known_{};  // under mutex_, as is the next
  std::map<std::chrono::sys_seconds, std::vector<std::uint64_t>> by_second_{};
};

}  // namespace certbridge::host

// Which nonces were used: for as long as a request with one of them could be repeated.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge::host {

// Of one system. Any thread. Keeps digests, 16 bytes each.
class NonceMemory {
 public:
  explicit NonceMemory(std::size_t most) : most_(most) {}

  enum class Answer : std::uint8_t { kNew = 1, kRepeated = 2, kFull = 3 };
  // Remembers it until `until`. Full: nothing is forgotten early, so it was not taken.
  Answer take(std::string_view nonce, Timestamp until, Timestamp now);

 private:
  using Mark = std::array<std::uint8_t, 16>;
  void forget_before(Timestamp now);

  const std::size_t most_;
  std::mutex mutex_{};
  std::set<Mark> known_{};  // under mutex_, as is the next
  std::multimap<Timestamp, Mark> until_{};
};

}  // namespace certbridge::host

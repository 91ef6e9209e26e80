#include "access/callers/nonce_memory.h"

#include <cstring>

#include "journal/cipher.h"

namespace certbridge::host {

NonceMemory::Answer NonceMemory::take(std::string_view nonce, Timestamp until, Timestamp now) {
  Sm3 sm3;
  sm3.add(nonce);
  const Sm3Digest digest = sm3.finish();
  std::uint64_t mark = 0;
  std::memcpy(&mark, digest.data(), sizeof mark);
  const std::lock_guard lock(mutex_);
  forget_before(now);
  if (known_.contains(mark)) return Answer::kRepeated;
  if (known_.size() >= most_) return Answer::kFull;
  known_.insert(mark);
  by_second_[std::chrono::floor<std::chrono::seconds>(until)].push_back(mark);
  return Answer::kNew;
}

void NonceMemory::forget_before(Timestamp now) {
  while (!by_second_.empty() && by_second_.begin()->first + std::chrono::seconds(1) <= now) {
    for (const std::uint64_t mark : by_second_.begin()->second) known_.erase(mark);
    by_second_.erase(by_second_.begin());
  }
}

}  // namespace certbridge::host

#include "access/callers/nonce_memory.h"

#include <algorithm>

#include "journal/cipher.h"

namespace certbridge::host {

NonceMemory::Answer NonceMemory::take(std::string_view nonce, Timestamp until, Timestamp now) {
  Sm3 sm3;
  sm3.add(nonce);
  const Sm3Digest digest = sm3.finish();
  Mark mark{};
  std::copy_n(digest.begin(), mark.size(), mark.begin());
  const std::lock_guard lock(mutex_);
  forget_before(now);
  if (known_.contains(mark)) return Answer::kRepeated;
  if (known_.size() >= most_) return Answer::kFull;
  known_.insert(mark);
  until_.emplace(until, mark);
  return Answer::kNew;
}

void NonceMemory::forget_before(Timestamp now) {
  while (!until_.empty() && until_.begin()->first < now) {
    known_.erase(until_.begin()->second);
    until_.erase(until_.begin());
  }
}

}  // namespace certbridge::host

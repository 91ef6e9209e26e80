#include "token.h"

#include <algorithm>

namespace certbridge::municipal_library {

Result<std::string> TokenCache::get(const Fetch& fetch,
                                    std::chrono::steady_clock::time_point deadline) {
  const std::unique_lock lock(mutex_, deadline);
  if (!lock.owns_lock()) {
    return Error::retryable("municipal.token_wait", "the library's token was not renewed in time");
  }
  if (!value_.empty() && now_() < good_until_) return value_;
  const auto asked = now_();
  auto fetched = fetch();
  if (!fetched) return fetched.error();
  const auto life = fetched.value().expires - asked;
  value_ = fetched.value().value;
  good_until_ = asked + std::max<std::chrono::steady_clock::duration>(life - margin_, life / 2);
  return value_;
}

void TokenCache::refuse(const std::string& value) {
  const std::lock_guard lock(mutex_);
  if (value_ == value) value_.clear();
}

}  // namespace certbridge::municipal_library

// An access token that many calls share and one of them renews.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "certbridge/result.h"

namespace certbridge::municipal_library {

struct Token {
  std::string value{};
  std::chrono::steady_clock::time_point expires{};  // as the library says
};

// Any thread may call. Kept in memory only: a restart asks anew.
class TokenCache {
 public:
  using Fetch = std::function<Result<Token>()>;
  using Now = std::function<std::chrono::steady_clock::time_point()>;
  TokenCache(std::chrono::seconds margin, Now now) : margin_(margin), now_(std::move(now)) {}

  // The token, fetched when there is none or it expires within the margin. Other callers wait for
  // the one that fetches, until `deadline` ("municipal.token_wait"). A lifetime of twice the margin
  // and less is used for its first half.
  Result<std::string> get(const Fetch& fetch, std::chrono::steady_clock::time_point deadline);
  // The library refused `value`: the next get() fetches, unless another caller has done so.
  void refuse(const std::string& value);

 private:
  std::chrono::seconds margin_;
  Now now_;
  std::timed_mutex mutex_{};
  std::string value_{};
  std::chrono::steady_clock::time_point good_until_{};
};

}  // namespace certbridge::municipal_library

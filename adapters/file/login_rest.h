// Keeps a login that was refused from being tried again and again: servers lock such accounts.
#pragma once

#include <chrono>
#include <optional>

#include "certbridge/result.h"

namespace certbridge::file {

// After a refusal nobody knocks for a minute, after another one twice as long, up to a quarter of
// an hour; a login that succeeds forgets them. Not for several threads at once.
class LoginRest {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // What to answer in place of a login, while it rests: the last refusal, with `retry_after`.
  std::optional<Error> refusal_at(Time now) const;
  // The refusal of a login, and when the next one may be.
  Error refused(const Error& why, Time now);
  void let_in() { *this = LoginRest(); }

 private:
  std::optional<Error> why_{};
  Time until_{};
  std::chrono::milliseconds rest_{0};
};

}  // namespace certbridge::file

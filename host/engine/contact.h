// What a delivery's run came to, as far as its endpoint is concerned.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "certbridge/result.h"

namespace certbridge::host {

struct Contact {
  enum class Outcome : std::uint8_t {
    kNobody = 1,    // the counterpart was not called
    kAnswered = 2,  // it answered, also when it refused the message for good
    kFailed = 3,    // retryable or fault
    kAsked = 4,     // it answered a question and was sent nothing: it may not take anything yet
  };
  Outcome outcome = Outcome::kNobody;
  bool sent = false;                       // an attempt was made, whatever became of it
  Error error = Error::retryable({}, {});  // of a failed one
};

// Leave to deliver, given right before a run.
struct Pass {
  bool allowed = false;
  bool probe = false;                        // of an open breaker: a failure uses up no attempt
  std::optional<std::int64_t> quota_hour{};  // a send counts to this hour
};

}  // namespace certbridge::host

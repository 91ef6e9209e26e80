// A way to the platform: messages there, its word on them back.
#pragma once

#include <optional>

#include "certbridge/endpoint.h"
#include "prepared.h"
#include "response.h"

namespace certbridge::provincial_platform {

// Failures of the lent endpoints become "provincial.unreachable" (retryable),
// "provincial.drop_refused" (permanent) and "provincial.transport" (fault). Any thread.
class Transport {
 public:
  virtual ~Transport() = default;
  // Once it returns the platform has the message. What it says at once, or nothing when its verdict
  // is only fetched. "provincial.reply" (retryable) when it did not take the message.
  virtual Result<std::optional<Response>> put(const Prepared& prepared, const Call& call) = 0;
  // Whether the message still waits to be taken.
  virtual Result<Confirmation::State> lies(const Prepared& prepared, const Call& call) = 0;
  // What the platform says of it: its response, or else what it said at once; nothing while it has
  // said nothing. "provincial.response" for
  // what cannot be read or is about another message.
  Result<std::optional<Response>> verdict(const Prepared& prepared, const Call& call);
  // The response's bytes, or nothing while there is none.
  virtual Result<std::optional<std::string>> response(const Prepared& prepared,
                                                      const Call& call) = 0;
};

inline constexpr std::uint64_t kLargestResponse = 1024UL * 1024;
// The pattern with area and number of the message in place of "{area}" and "{number}".
std::string path_of(std::string pattern, const Prepared& prepared);
// The failure of a lent endpoint under our codes.
Error passed_on(const Error& cause);

}  // namespace certbridge::provincial_platform

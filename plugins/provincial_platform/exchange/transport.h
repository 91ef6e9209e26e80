// A way to the platform: messages there, its word on them back.
#pragma once

#include <optional>

#include "certbridge/endpoint.h"
#include "exchange/prepared.h"
#include "exchange/response.h"

namespace certbridge::provincial_platform {

struct Reply {
  std::string bytes{};
  // The same for the same reply: its digest, and where the way tells it the time of its file. Two
  // replies of the same bytes over a way that tells no time cannot be told apart.
  std::string mark{};
};

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
  // said nothing. The response to an earlier message of its number says nothing.
  // "provincial.response" for what cannot be read or is about another message.
  Result<std::optional<Response>> verdict(const Prepared& prepared, const Call& call);
  // lies(), where what lies under its number may be an earlier message.
  Result<Confirmation::State> lies_itself(const Prepared& prepared, const Call& call);
  // Nothing while there is none.
  virtual Result<std::optional<Reply>> response(const Prepared& prepared, const Call& call) = 0;
};

inline constexpr std::uint64_t kLargestResponse = 1024UL * 1024;
// The pattern with area and number of the message in place of "{area}" and "{number}".
std::string path_of(std::string pattern, const Prepared& prepared);
// `when`: the time of its file, as the way tells it; empty when it does not.
Reply reply_of(std::string bytes, const std::string& when);
// The failure of a lent endpoint under our codes.
Error passed_on(const Error& cause);

}  // namespace certbridge::provincial_platform

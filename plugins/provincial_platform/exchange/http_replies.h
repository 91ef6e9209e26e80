// What a platform says over HTTP at once: the JSON answer to a posted message, by the profile.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/result.h"
#include "exchange/response.h"

namespace certbridge::provincial_platform {

struct HttpReplies {
  enum class Means : std::uint8_t {
    kReceived = 1,  // taken, the verdict follows
    kAccepted = 2,
    kRefused = 3,
    kBusy = 4,  // not taken
  };
  std::string code{};                                 // member of the answer that is the code
  std::string words{};                                // member that says more
  std::map<std::string, Means, std::less<>> codes{};  // empty: this platform is not spoken to so
};

// The verdict on message `number` when the answer has one; nothing while it is only received.
// "provincial.reply" (retryable) for whatever else is answered: busy, a code that is not in the
// list, what is no JSON. Then the message counts as not taken.
Result<std::optional<Response>> said_at_once(const HttpReplies& replies, const std::string& number,
                                             std::string_view json);

}  // namespace certbridge::provincial_platform

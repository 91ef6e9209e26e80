// The bytes of a message that are durable before they are sent, and are what every resend sends.
// They are kept as long as the host keeps the message's body; number and digest stay.
#pragma once

#include <optional>
#include <string>

#include "certbridge/context.h"
#include "exchange/response.h"

namespace certbridge::provincial_platform {

struct Prepared {
  std::string number{};  // BizMsgID with its suffix
  std::string area{};
  std::string bytes{};  // empty once the host has dropped the message's body
  std::string facts{};  // SM3 of the facts that the bytes were made of, hexadecimal
  bool sent = false;    // the transport took it once
  // The mark of the response to an earlier message of this number; empty where there is none.
  std::string answered{};
  std::optional<Response> said{};  // what the platform said of it at once
  // The platform accepted these facts from another delivery: there are no bytes, nothing is sent.
  bool accepted_before = false;
  // SM3 of the text that was signed, hexadecimal. Profile and patch may make another one of the
  // same facts by now.
  std::string made{};
};

// Nothing when this delivery has prepared none. "provincial.memory" (fault) when what is kept
// cannot be read: sending another message in its place could double a booking.
Result<std::optional<Prepared>> load_prepared(Memory& memory, const std::string& step_key);
// Durable when it returns.
Result<void> keep_prepared(Memory& memory, const std::string& step_key, const Prepared& prepared);
// A number that is used again belongs to the delivery that used it last. Durable with
// keep_prepared().
Result<void> take_number(Memory& memory, const std::string& step_key, const std::string& number);
// Whether another delivery than this one took its number over.
Result<bool> is_taken_over(Memory& memory, const std::string& step_key, const std::string& number);
// Whether the host was told that the platform refuses it.
Result<bool> was_refused(Memory& memory, const std::string& step_key, const Prepared& prepared);
// Durable when it returns: what is rejected late is told without an attempt whose state is kept.
Result<void> note_refused(Memory& memory, const std::string& step_key, const Prepared& prepared);
// With what was said of it at once. Known to later calls once the attempt's state is committed.
Result<void> note_sent(Memory& memory, const std::string& step_key, const Prepared& prepared,
                       const std::optional<Response>& said);

}  // namespace certbridge::provincial_platform

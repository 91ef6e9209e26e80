// The values that travel between source, host, plugins and counterparts.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/content.h"
#include "certbridge/result.h"

namespace certbridge {

using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;  // UTC
using Headers = std::map<std::string, std::string, std::less<>>;

// A time as headers have it: "2026-11-24T08:00:00Z", with fractions, or without the Z and with a
// blank for local time of +08:00. Nothing for other text.
std::optional<Timestamp> parse_message_time(std::string_view text);

// Events that share an order key are kept in the order in which they were accepted.
// Kinds: "case", "unit", "certificate" (type|normalised number|issuer), "catalogue", "daily-log".
struct OrderKey {
  std::string kind{};
  std::string value{};
  auto operator<=>(const OrderKey&) const = default;
};

struct Attachment {
  std::string name{};        // unique within the message: "certificate.ofd"
  std::string media_type{};  // "application/ofd"
  std::uint64_t size = 0;    // bytes
  Sm3Digest digest{};
  std::shared_ptr<const Content> content{};  // shared: messages are copied, bytes are not
};

// One event on its way, or a question and its answer. A plain value: copyable, serialisable.
struct Message {
  std::string id{};          // given by the journal; children are "<parent>/<index>"
  std::string type{};        // "certificate.issue"; see docs/messages.md
  std::string source_key{};  // the source's own idempotency key for this event
  bool classified = false;   // declared secret (涉密) by the source: only the fact is kept
  std::vector<OrderKey> order_keys{};
  std::uint64_t order_number = 0;  // order of acceptance; children inherit it
  Timestamp created{};
  std::string area{};  // six-digit division code (GB/T 2260) or empty
  Headers headers{};
  std::string media_type{};  // of the body
  std::shared_ptr<const Content> body{};
  std::vector<Attachment> attachments{};
};

// What a counterpart said of a delivery that it took.
struct Receipt {
  enum class State : std::uint8_t { kSettled = 1, kOpen = 2 };
  State state = State::kSettled;
  std::string remote_id{};    // the counterpart's own identifier of what it holds
  std::string correlation{};  // by which a later verdict is matched; required when open
  Timestamp when{};
  std::optional<Timestamp> expected_by{};  // when an open receipt's verdict is overdue
};

// The five answers to "what do you have of this?".
struct Confirmation {
  enum class State : std::uint8_t {
    kPresent = 1,     // it holds exactly this: `receipt` is what send() would have answered
    kDifferent = 2,   // it holds something else under this identifier: `held` says which
    kAbsent = 3,      // it holds nothing; believed only after the endpoint's settle time
    kInProgress = 4,  // it is still working on it
    kCannotTell = 5,  // it has no way to answer
  };
  State state = State::kCannotTell;
  std::optional<Receipt> receipt{};
  std::string held{};  // digest or version that the counterpart holds instead
};

// A verdict on an open receipt, named by endpoint and correlation.
struct Correlation {
  std::string endpoint{};
  std::string value{};
};
struct Outcome {
  enum class Verdict : std::uint8_t { kAccepted = 1, kRejected = 2, kWithdrawn = 3 };
  Verdict verdict = Verdict::kAccepted;
  std::string remote_id{};
  // The counterpart's code, for the record; or the host's own word for what it means
  // (kCodeTypeNotRegistered of certificate_type.h, of a rejection), before its code in `message`.
  std::string code{};
  std::string message{};  // its words, without personal data
  Timestamp when{};
};

// How another delivery of the same message ended; given to deliveries that wait with `after`.
struct EarlierDelivery {
  std::string delivery{};  // name of the deliver element
  std::string endpoint{};
  std::string state{};  // delivered, open, parked, discarded, superseded, not-held
  std::string remote_id{};
  std::string error_code{};
  std::string error_message{};
  Timestamp when{};
};

// Accompanies every call into a component.
struct Call {
  std::string trace_id{};
  std::string step_key{};  // stable over retries and restarts: "<message id>/<step>"
  int attempt = 1;
  std::chrono::steady_clock::time_point deadline{};
  std::stop_token stop{};
  std::vector<EarlierDelivery> earlier{};
};

// The host's answer to one message that a source handed over.
struct Acceptance {
  enum class Verdict : std::uint8_t {
    kAccepted = 1,  // journalled under `id`
    kSame = 2,      // was here before with the same content, under `id`
    kConflict = 3,  // the source key was here before with other content, under `id`
    kRefused = 4,   // kept as parked under `id` with `code` and `message`; will not be processed
    kBusy = 5,      // not taken: try again after `retry_after`
  };
  Verdict verdict = Verdict::kBusy;
  std::string id{};
  std::string code{};
  std::string message{};
  std::chrono::milliseconds retry_after{0};
};

}  // namespace certbridge

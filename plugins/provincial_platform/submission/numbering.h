// The number of a message: the next one, or what the profile says where the platform was told of
// its booking before (重报, update) or is told of it after the log of its day (补报).
#pragma once

#include <optional>
#include <string>

#include "certbridge/context.h"
#include "exchange/prepared.h"
#include "exchange/transport.h"
#include "message/maker.h"
#include "submission/ledger.h"

namespace certbridge::provincial_platform {

struct Numbered {
  std::string number{};
  std::string answered{};  // as in Prepared
  std::string accepted{};  // as in LedgerEntry
  bool is_known = false;   // the platform accepted these very facts: nothing is to be sent
};

// Any thread.
class Numbering {
 public:
  // `context` and `transport` outlive it. `logs`: the endpoint that daily logs are delivered to;
  // empty when none are sent.
  Numbering(Context& context, Transport& transport, Repetitions rules, std::string logs)
      : context_(context),
        transport_(transport),
        rules_(std::move(rules)),
        logs_(std::move(logs)) {}

  // `own`: what this delivery has made of other facts. A new number is durable when it returns.
  // The headers resend-of and resend-as go before what is known here.
  // "provincial.resend" for headers that make no sense, "provincial.verdict_open" while the
  // platform has not said what became of an earlier message of the booking, and the codes of the
  // numbers, the transport and Facts.
  Result<Numbered> number_of(const Message& message, const Made& made,
                             const std::optional<Prepared>& own, const std::string& facts,
                             const Call& call) const;

 private:
  // What became of an earlier message.
  enum class Fate : std::uint8_t { kUnused = 1, kOpen = 2, kAccepted = 3, kFailed = 4 };

  Result<Numbered> told_before(const Message& message, const Made& made, const Prepared& earlier,
                               const LedgerEntry& entry, const std::string& facts,
                               const Call& call) const;
  Result<Fate> fate_of(const Prepared& earlier, const std::string& state, const Call& call) const;
  Result<std::string> state_of(const Message& message, const LedgerEntry& entry,
                               const Call& call) const;
  Result<bool> is_after_log(const Made& made) const;
  Result<Numbered> first(const Made& made, std::string base, const Call& call) const;
  Result<Numbered> by_headers(const Message& message, const Made& made,
                              const std::optional<Prepared>& own, const Call& call) const;
  Result<Numbered> update_of(const std::string& earlier, const Made& made, const Call& call) const;
  Result<Numbered> by_rule(const NumberRule& rule, const std::string& earlier, const Made& made,
                           const Call& call) const;

  Context& context_;
  Transport& transport_;
  Repetitions rules_;
  std::string logs_;
};

}  // namespace certbridge::provincial_platform

#include "submission/numbering.h"

#include <algorithm>

#include "booking/bookings.h"
#include "booking/delivery_states.h"
#include "daily_log/log_standing.h"
#include "submission/numbers.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kPlainNumber = 18;
constexpr std::size_t kMostOfUnit = 10'000;

Error wrong_resend(const std::string& why) {
  return Error::permanent("provincial.resend", "the message is to be sent again, but " + why);
}

Error verdict_open(const std::string& number) {
  return Error::retryable("provincial.verdict_open",
                          "an earlier message of this booking was sent as " + number +
                              " and has no verdict yet; the next one waits for it");
}

bool is_plain(const std::string& number) {
  return number.size() == kPlainNumber &&
         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Deliveries call their steps by message and name.
std::string message_of(const std::string& step) { return step.substr(0, step.rfind('/')); }

Numbered numbered(std::string number) { return {std::move(number), {}, {}, false}; }

}  // namespace

Result<Numbered> Numbering::number_of(const Message& message, const Made& made,
                                      const std::optional<Prepared>& own, const std::string& facts,
                                      const Call& call) const {
  if (!header_of(message, kResendOf).empty()) return by_headers(message, made, own, call);
  const auto entry = load_entry(context_.memory(), call.step_key, made.booking);
  if (!entry) return entry.error();
  if (own) {
    const LedgerEntry none{own->number, call.step_key, {}};
    return told_before(message, made, *own, entry.value().value_or(none), facts, call);
  }
  if (!entry.value()) return first(made, {}, call);
  const LedgerEntry& known = *entry.value();
  const auto kept = load_prepared(context_.memory(), known.step);
  if (!kept) return kept.error();
  const Prepared named{known.number, made.area, {}, {}, true, {}, {}, false};
  const bool fits = kept.value() && kept.value()->number == known.number;
  return told_before(message, made, fits ? *kept.value() : named, known, facts, call);
}

Result<Numbered> Numbering::told_before(const Message& message, const Made& made,
                                        const Prepared& earlier, const LedgerEntry& entry,
                                        const std::string& facts, const Call& call) const {
  const auto state = state_of(message, entry, call);
  if (!state) return state.error();
  const auto fate = fate_of(earlier, state.value(), call);
  if (!fate) return fate.error();
  std::string accepted = entry.accepted;
  if (fate.value() == Fate::kOpen) return verdict_open(earlier.number);
  if (fate.value() == Fate::kUnused) {
    const bool repeats = !is_plain(earlier.number) || !earlier.answered.empty();
    if (repeats) return Numbered{earlier.number, earlier.answered, accepted, false};
    return first(made, earlier.number, call);
  }
  if (fate.value() == Fate::kAccepted) {
    if (earlier.facts == facts) return Numbered{earlier.number, {}, earlier.number, true};
    accepted = earlier.number;
  }
  const auto late = is_after_log(made);
  if (!late) return late.error();
  const NumberRule& again = late.value() ? rules_.again : rules_.again_early;
  auto number = by_rule(accepted.empty() ? again : rules_.update, earlier.number, made, call);
  if (number) number.value().accepted = accepted;
  return number;
}

// The state of the delivery that made the earlier message; empty when it is this one, or not known.
Result<std::string> Numbering::state_of(const Message& message, const LedgerEntry& entry,
                                        const Call& call) const {
  FactsQuery query;
  query.endpoint = context_.endpoint_name();
  query.order_key = unit_key_of(message);
  if (entry.step == call.step_key || !query.order_key) return std::string();
  const auto found = context_.facts().list(query, kMostOfUnit);
  if (!found) return found.error();
  std::string state;
  for (const DeliveryFact& fact : found.value()) {
    if (fact.message_id == message_of(entry.step)) state = fact.state;
  }
  return state;
}

// The platform's word goes before what the journal knows, which looks at it now and then.
Result<Numbering::Fate> Numbering::fate_of(const Prepared& earlier, const std::string& state,
                                           const Call& call) const {
  if (is_undecided(state)) return Fate::kOpen;
  const auto said = transport_.verdict(earlier, call);
  if (!said) return said.error();
  if (said.value()) return said.value()->accepted ? Fate::kAccepted : Fate::kFailed;
  const auto lies = transport_.lies_itself(earlier, call);
  if (!lies) return lies.error();
  if (!earlier.sent && lies.value() == Confirmation::State::kAbsent) return Fate::kUnused;
  if (state == "delivered") return Fate::kAccepted;
  return state.empty() ? Fate::kOpen : Fate::kFailed;
}

Result<bool> Numbering::is_after_log(const Made& made) const {
  const auto day = parse_day(made.booking.day);
  if (logs_.empty() || !day) return false;
  const auto standing = log_standing(context_.facts(), logs_, {made.area, *day});
  if (!standing) return standing.error();
  return standing.value().accepted || standing.value().open || standing.value().maybe;
}

// `base`: a number that was taken and never used; empty: none.
Result<Numbered> Numbering::first(const Made& made, std::string base, const Call& call) const {
  const auto late = is_after_log(made);
  if (!late) return late.error();
  if (base.empty()) {
    auto taken = next_number(context_.memory(), call.step_key, made.area, context_.clock().now());
    if (!taken) return taken.error();
    base = std::move(taken).value();
  }
  return numbered(base + (late.value() ? rules_.late.suffix : std::string()));
}

// What whoever makes the message knows: a number that this host has not given, or that the platform
// accepted what changes now.
Result<Numbered> Numbering::by_headers(const Message& message, const Made& made,
                                       const std::optional<Prepared>& own, const Call& call) const {
  const std::string earlier = header_of(message, kResendOf);
  const std::string as = header_of(message, kResendAs);
  if (!is_plain(earlier.substr(0, kPlainNumber))) {
    return wrong_resend("the header resend-of is no number of 18 digits");
  }
  if (!earlier.starts_with(made.area)) {
    return wrong_resend("the header resend-of is a number of another area than its unit");
  }
  const auto fate = own ? fate_of(*own, {}, call) : Fate::kUnused;
  if (!fate) return fate.error();
  if (fate.value() == Fate::kOpen) return verdict_open(own->number);
  if (as == kAsLate) return numbered(earlier.substr(0, kPlainNumber) + rules_.late.suffix);
  if (as == kAsAgain) return by_rule(rules_.again, earlier, made, call);
  if (as == kAsUpdate) return update_of(earlier, made, call);
  return wrong_resend("the header resend-as is neither late nor again nor update");
}

Result<Numbered> Numbering::update_of(const std::string& earlier, const Made& made,
                                      const Call& call) const {
  auto number = by_rule(rules_.update, earlier, made, call);
  if (number) number.value().accepted = earlier;
  return number;
}

// A number that may have been used before may have been answered before.
Result<Numbered> Numbering::by_rule(const NumberRule& rule, const std::string& earlier,
                                    const Made& made, const Call& call) const {
  if (rule.kind == NumberRule::Kind::kNew) {
    auto taken = next_number(context_.memory(), call.step_key + "/" + earlier, made.area,
                             context_.clock().now());
    if (!taken) return taken.error();
    return numbered(std::move(taken).value());
  }
  Numbered found = numbered(rule.kind == NumberRule::Kind::kSame
                                ? earlier
                                : earlier.substr(0, kPlainNumber) + rule.suffix);
  const Prepared named{found.number, made.area, {}, {}, false, {}, {}, false};
  const auto reply = transport_.response(named, call);
  if (!reply) return reply.error();
  if (reply.value()) found.answered = reply.value()->mark;
  const auto taken = take_number(context_.memory(), call.step_key, found.number);
  if (!taken) return taken.error();
  return found;
}

}  // namespace certbridge::provincial_platform

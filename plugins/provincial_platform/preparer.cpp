#include "preparer.h"

#include <algorithm>

#include "bookings.h"
#include "certbridge/record.h"
#include "certbridge_sm/sm3.h"
#include "numbers.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kPlainNumber = 18;

Error wrong_resend(const std::string& why) {
  return Error::permanent("provincial.resend", "the message is to be sent again, but " + why);
}

// The number of a message that repeats or mends an earlier one: that one's first 18 digits and the
// suffix of what it is.
Result<std::string> repeated_number(const Message& message, const Suffixes& suffixes,
                                    const std::string& area) {
  const std::string earlier = header_of(message, kResendOf).substr(0, kPlainNumber);
  const std::string as = header_of(message, kResendAs);
  if (earlier.size() != kPlainNumber ||
      !std::all_of(earlier.begin(), earlier.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return wrong_resend("the header resend-of is no number of 18 digits");
  }
  if (!earlier.starts_with(area)) {
    return wrong_resend("the header resend-of is a number of another area than its unit");
  }
  if (as == kAsLate) return earlier + suffixes.late;
  if (as == kAsAgain) return earlier + suffixes.again;
  if (as == kAsUpdate) return earlier + suffixes.update;
  return wrong_resend("the header resend-as is neither late nor again nor update");
}

Error no_longer_kept(const Prepared& earlier) {
  return Error::permanent("provincial.dropped",
                          "the bytes of " + earlier.number +
                              " were dropped after their retention; it cannot be sent again, let "
                              "the registration system tell of the booking anew");
}

Result<std::string> facts_of(const Message& message) {
  if (message.type == kBookedType && message.body != nullptr) {
    return read_all(*message.body, kLargestRecords);
  }
  return Error::permanent("provincial.type",
                          "the submitter takes registration.booked with the rows of a booking");
}

}  // namespace

// What is kept of this delivery, as long as it is about the same facts.
Result<Prepared> Preparer::prepared_for(const Message& message, const Call& call) {
  const auto facts = facts_of(message);
  if (!facts) return facts.error();
  auto kept = load_prepared(context_.memory(), call.step_key);
  if (!kept) return kept.error();
  const std::string digest = to_hex(sm::sm3(facts.value()));
  if (!kept.value()) return prepare(message, facts.value(), {}, call.step_key, call);
  if (kept.value()->facts == digest) {
    if (kept.value()->bytes.empty()) return no_longer_kept(*kept.value());
    return *std::move(kept).value();
  }
  return prepare_corrected(message, facts.value(), *kept.value(), call);
}

// The facts were corrected: what was rejected is followed by a message of its own number, what
// never arrived is made anew under its number, and for anything else a verdict has to come first.
Result<Prepared> Preparer::prepare_corrected(const Message& message, const std::string& facts,
                                             const Prepared& earlier, const Call& call) {
  const auto said = transport_.verdict(earlier, call);
  if (!said) return said.error();
  if (said.value() && said.value()->accepted) {
    return wrong_resend("an earlier content was accepted as " + earlier.number +
                        "; send it with resend-of and resend-as update");
  }
  if (said.value()) return prepare(message, facts, {}, call.step_key + "/" + earlier.number, call);
  const auto lies = transport_.lies(earlier, call);
  if (!lies) return lies.error();
  if (!earlier.sent && lies.value() == Confirmation::State::kAbsent) {
    return prepare(message, facts, earlier.number, call.step_key, call);
  }
  return Error::retryable("provincial.verdict_open",
                          "an earlier content of this booking was sent as " + earlier.number +
                              " and has no verdict yet; the corrected one waits for it");
}

// Everything up to the first byte that leaves; the number last, so that none is lost.
Result<Prepared> Preparer::prepare(const Message& message, const std::string& facts,
                                   std::string number, const std::string& number_key,
                                   const Call& call) {
  const auto made = maker_.make(facts);
  if (!made) return made.error();
  if (number.empty()) {
    auto taken = number_of(message, made.value(), number_key);
    if (!taken) return taken.error();
    number = std::move(taken).value();
  }
  auto bytes = sealed(made.value().text, number, key_);
  if (!bytes) return bytes.error();
  Prepared prepared{std::move(number),
                    made.value().area,
                    std::move(bytes).value(),
                    to_hex(sm::sm3(facts)),
                    false,
                    {}};
  if (auto kept = keep_prepared(context_.memory(), call.step_key, prepared); !kept) {
    return kept.error();
  }
  return prepared;
}

Result<std::string> Preparer::number_of(const Message& message, const Made& made,
                                        const std::string& number_key) {
  if (!header_of(message, kResendOf).empty()) {
    return repeated_number(message, maker_.profile().suffixes, made.area);
  }
  return next_number(context_.memory(), number_key, made.area, context_.clock().now());
}

}  // namespace certbridge::provincial_platform

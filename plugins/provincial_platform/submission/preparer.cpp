#include "submission/preparer.h"

#include "booking/bookings.h"
#include "certbridge/record.h"
#include "certbridge_sm/sm3.h"

namespace certbridge::provincial_platform {
namespace {

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
  const bool same = kept.value() && kept.value()->facts == to_hex(sm::sm3(facts.value()));
  if (!same) return prepare(message, facts.value(), kept.value(), call);
  const bool dropped = kept.value()->bytes.empty() && !kept.value()->accepted_before;
  if (dropped) return no_longer_kept(*kept.value());
  const auto refused = was_refused(context_.memory(), call.step_key, *kept.value());
  if (!refused) return refused.error();
  const bool anew = refused.value() && would_differ(message, *kept.value());
  if (anew) return prepare(message, facts.value(), kept.value(), call);
  return *std::move(kept).value();
}

bool Preparer::would_differ(const Message& message, const Prepared& kept) {
  const auto facts = facts_of(message);
  if (!facts) return false;
  const auto made = maker_.make(facts.value());
  return made && to_hex(sm::sm3(made.value().text)) != kept.made;
}

// Everything up to the first byte that leaves; the number last, so that none is lost.
Result<Prepared> Preparer::prepare(const Message& message, const std::string& facts,
                                   const std::optional<Prepared>& own, const Call& call) {
  const auto made = maker_.make(facts);
  if (!made) return made.error();
  std::string digest = to_hex(sm::sm3(facts));
  const auto numbered = numbering_.number_of(message, made.value(), own, digest, call);
  if (!numbered) return numbered.error();
  auto prepared = seal(made.value(), numbered.value(), std::move(digest));
  if (!prepared) return prepared.error();
  if (auto kept = keep(prepared.value(), made.value(), numbered.value(), call); !kept) {
    return kept.error();
  }
  return prepared;
}

Result<Prepared> Preparer::seal(const Made& made, const Numbered& numbered,
                                std::string facts) const {
  Prepared prepared;
  prepared.number = numbered.number;
  prepared.area = made.area;
  prepared.facts = std::move(facts);
  prepared.made = to_hex(sm::sm3(made.text));
  prepared.answered = numbered.answered;
  prepared.accepted_before = numbered.is_known;
  if (numbered.is_known) return prepared;
  auto bytes = sealed(made.text, numbered.number, key_);
  if (!bytes) return bytes.error();
  prepared.bytes = std::move(bytes).value();
  return prepared;
}

Result<void> Preparer::keep(const Prepared& prepared, const Made& made, const Numbered& numbered,
                            const Call& call) {
  if (!numbered.is_known) {
    const LedgerEntry entry{numbered.number, call.step_key, numbered.accepted};
    if (auto put = put_entry(context_.memory(), call.step_key, made.booking, entry); !put) {
      return put;
    }
  }
  return keep_prepared(context_.memory(), call.step_key, prepared);
}

}  // namespace certbridge::provincial_platform

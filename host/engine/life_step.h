// What the step <life> makes of a message and of the register. No effect of its own.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "config/model.h"
#include "journal/store.h"

namespace certbridge::host {

// How a message goes on behind <life>; the header "life-effect" says the same to conditions.
enum class LifeOutcome : std::uint8_t {
  kIssued = 1,        // a certificate that is to be collected
  kChanged = 2,       // counterparts are to be told
  kNoted = 3,         // it stands otherwise, but counterparts are told by the same word
  kUnchanged = 4,     // so already, or nothing to release
  kNotHeld = 5,       // a change to what never was electronic here: a tombstone is left
  kNotPublished = 6,  // an issue that meets the tombstone of a certificate that has ended
  kSuperseded = 7,    // an issue of a version older than the one in the register
};
std::string to_text(LifeOutcome outcome);

struct LifeResult {
  LifeOutcome outcome = LifeOutcome::kUnchanged;
  Message message{};                       // as it goes on
  std::optional<RegisterChange> change{};  // to be committed with the outcome of the steps
  std::optional<LinkedChange> linked{};    // what it says of a change that it belongs to
  Collects collects{};                     // of an issue
  Bearing bearing{};                       // of what counterparts are told
  MessageState ends = MessageState::kDone;
  std::string code{};  // why nothing is told: "life.not_held"...
  std::string text{};
};

// The row of the register as the steps before left it.
using RegisterLookup =
    std::function<Result<std::optional<RegisteredCertificate>>(const OrderKey& key)>;

// Takes "certificate.issue", "certificate.void" and "certificate.event" (docs/messages.md). Codes:
// "life.message" (no message for this step), "life.ended" (the table of docs/life.md has no way),
// and those of the lookup and of parse_certificate().
Result<LifeResult> apply_life(const Message& message, const RegisterLookup& lookup,
                              const LifePolicy& policy, Timestamp now);

// The word that counterparts are told. One that is sealed and not collected yet is told of as if it
// were: nothing about it reaches a library before the certificate itself.
std::string told_word(const LifeState& state, const std::set<RestrictionKind>& suspending);

}  // namespace certbridge::host

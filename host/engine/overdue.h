// Verdicts that are fetched: an open delivery's counterpart is asked what became of it, and an
// accepted one's for a while whether it is rejected after all.
#pragma once

#include "engine/delivery_attempt.h"

namespace certbridge::host {

inline constexpr const char* kCodeVerdictOverdue = "delivery.verdict_overdue";

// When an open receipt is asked about next: the verdict is due at `expected_by`.
Timestamp next_question(const VerdictPolicy& policy, Timestamp expected_by, Timestamp now);

// When what was accepted is looked at next: for the last time when `until` has come.
Timestamp next_look(const VerdictPolicy& policy, Timestamp until, Timestamp now);

// Asks once and records what follows. The delivery becomes delivered only when the counterpart
// shows a settled receipt, and parked when it rejects what it had received (kCodeRejected) or holds
// something else or nothing: what it once received and now does not have is never sent again
// without a person. In every other case it stays open and is asked again: without a word as long
// as its verdict is not due, then marked overdue and with back-off. Answers the counterpart's word
// that it does not know the type (kCodeTypeNotRegistered), of which nothing is recorded yet.
std::optional<Error> ask_about_open(const EngineServices& services, DeliveryRecorder& recorder,
                                    Attempt& attempt);

// Asks once whether what was accepted is still so. A rejection (also of the type) is a verdict like
// one that a counterpart says by itself, of this delivery whatever its correlation is: it makes it
// a repair case. Whatever else is answered, it is looked at again until its receipt's `expected_by`
// is over.
void look_at_accepted(const EngineServices& services, Attempt& attempt);

}  // namespace certbridge::host

// An open delivery whose verdict did not come in time: the counterpart is asked what it has.
#pragma once

#include "engine/delivery_attempt.h"

namespace certbridge::host {

inline constexpr const char* kCodeVerdictOverdue = "delivery.verdict_overdue";

// Asks once and records what follows. The delivery becomes delivered only when the counterpart
// shows a settled receipt, and parked when it rejects what it had received (kCodeRejected) or holds
// something else or nothing: what it once received and now does not have is never sent again
// without a person. In every other case it stays
// open, marked overdue, and is asked again with back-off.
void ask_about_overdue(const EngineServices& services, DeliveryRecorder& recorder,
                       Attempt& attempt);

}  // namespace certbridge::host

// What a message says of the change that its certificate belongs to: earlier certificates and new
// ones of one case (docs/life.md).
#pragma once

#include <optional>

#include "engine/life_step.h"

namespace certbridge::host {

// Of an issue: those that it replaces, which are of its own kind, so the title that a mortgage is
// on is none of them; they are related to it in `life`. None when its case makes no change or names
// no earlier certificate. Codes: those of the lookup.
Result<std::optional<LinkedChange>> issued_change(const Message& message,
                                                  const Certificate& certificate,
                                                  const RegisterLookup& lookup, LifeRecord& life);

// Of an event: an earlier certificate that is told at booking what becomes of it. What took its
// place, where the event says so, is related to it in `life`.
std::optional<LinkedChange> booked_change(const Message& message, LifeRecord& life);

}  // namespace certbridge::host

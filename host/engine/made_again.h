// A message that was routed and runs its steps again, because a counterpart refused something that
// was made of it and its source was corrected.
#pragma once

#include "config/model.h"
#include "engine/engine_services.h"
#include "engine/step_run.h"

namespace certbridge::host {

// Whether what these steps make may be made again while earlier results are under way: none of
// them seals, judges, is reviewed, withdraws, or enters anything into the register.
bool can_be_made_again(const std::vector<Step>& steps);
// A delivery of which its counterpart is known to have taken nothing, and that waits for a person.
bool is_refused(const StoredDelivery& delivery);

// Leaves in `arrived` what is new: in place of a child that was refused and is another by now, one
// with the next number ("m-0000000012/0-2") and its refused deliveries alone, with those that wait
// `after` them; they supersede the earlier ones. What stands, is under way, or is the same as what
// was refused, is taken out.
Result<void> keep_what_is_new(const EngineServices& services, const StoredMessage& accepted,
                              std::vector<Travelling>& arrived, Transition& transition);

}  // namespace certbridge::host

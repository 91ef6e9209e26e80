// What a step leaves for another run of its route, because it is too much for one.
#pragma once

#include "engine/engine_services.h"

namespace certbridge::host {

// Header of a message that runs its route for what an earlier run left: which run it is, from 1 on.
inline constexpr const char* kAgain = "again";
// More than that and something is wrong with the step.
inline constexpr int kMostRuns = 1000;

// Number of the run, up to one above kMostRuns; 0 for what no run has left.
int run_of(const Message& message);
// Whether the step has handed back what came in, for the run after this one.
bool is_left_over(const Message& made, const Message& accepted);
// Accepts `accepted` once more, from its source, under a source key of its own, so that it is there
// once however often this is done. In order with what has its keys: it runs after the run that left
// it has ended. "engine.left_over" when the journal does not take it: retryable when it is busy.
Result<void> accept_left_over(Store& store, const StoredMessage& accepted);

}  // namespace certbridge::host

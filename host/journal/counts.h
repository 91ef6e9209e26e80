// How many messages and deliveries are in each state, kept in the journal itself, so that a start
// need not count what has gathered in years.
#pragma once

#include "journal/change.h"

namespace certbridge::host {

// Counts every row of a journal that has no counts (it was restored). In a transaction.
void prepare_counts(Connection& connection);
// What was counted; of a journal without counts, what its rows say.
Tally read_counts(Connection& connection);
Tally count_rows(Connection& connection);
// In the transaction that changed the states.
void add_counts(Connection& connection, const Tally& change);
// When states are changed without add_counts(): the next start counts anew.
void forget_counts(Connection& connection);

}  // namespace certbridge::host

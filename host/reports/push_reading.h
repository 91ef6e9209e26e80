// Takes what an inspection of pushes looks at from the journal.
#pragma once

#include "journal/store.h"
#include "reports/push_inspection.h"

namespace certbridge::host {

// Of the messages that were stored in the period; reads committed snapshots only, some hundred
// messages at a time. Adds sections to `report`. The store's codes.
Result<void> inspect_pushes(Store& store, const PushInspectionSettings& settings,
                            InspectionReport& report);

}  // namespace certbridge::host

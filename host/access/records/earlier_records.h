// Earlier records, while the log is written.
#pragma once

#include "access/records/access_index.h"

namespace certbridge::host {

// Of this node. Any thread.
class EarlierRecords {
 public:
  virtual ~EarlierRecords() = default;
  // As soon as it is appended. Errors: those of AccessReader.
  virtual Result<ReadAccess> record(std::uint64_t number) = 0;
  // What was recorded within the last second or so may not be found yet. "access.index" (retryable)
  // until the index of what earlier processes recorded is filled; else as AccessIndex::find().
  virtual Result<AccessAnswer> find(const AccessQuestion& question) = 0;
};

}  // namespace certbridge::host

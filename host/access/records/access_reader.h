// Reads records again, with what is personal where its keys are still there.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "access/records/access_record.h"
#include "certbridge/result.h"

namespace certbridge::host {

struct ReadAccess {
  AccessPlace place{};
  std::uint64_t offset = 0;  // in its segment
  Timestamp written{};
  AccessRecord record{};
  bool who_is_gone = false;    // the key was destroyed: `person` is empty
  bool about_is_gone = false;  // likewise all other personal members
};

// Beside a log that is written or not; any thread. It believes the folder: whether that was altered
// says verify_log.h. Codes: "access.damaged", "access.failed", "access.wrong_key".
class AccessReader {
 public:
  // `folder` of one node; `master_key` of 32 bytes.
  static Result<std::unique_ptr<AccessReader>> open(const std::string& folder,
                                                    const std::string& node,
                                                    const std::string& master_key);
  ~AccessReader();
  AccessReader(const AccessReader&) = delete;
  AccessReader& operator=(const AccessReader&) = delete;

  // "access.no_such_record" (permanent) also for the number of a frame that is no record.
  Result<ReadAccess> record(std::uint64_t number) const;
  // A number from which on to read for what was written at that time or later: that of the first
  // frame of the segment which that time falls into.
  Result<std::uint64_t> begin_of(Timestamp from) const;
  // In order from this number on, until `visit` answers false.
  Result<void> each(std::uint64_t from, const std::function<bool(const ReadAccess&)>& visit) const;

 private:
  class Parts;
  explicit AccessReader(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace certbridge::host

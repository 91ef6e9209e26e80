// Verifies a log of accesses offline: the records and the public key are enough.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "access/records/signatures.h"
#include "certbridge/message.h"

namespace certbridge::host {

struct AccessFinding {
  std::string file{};    // segment, or file of anchors
  std::uint64_t at = 0;  // offset in the segment; line of the anchors
  std::string what{};
};

struct AccessVerification {
  std::uint64_t segments = 0;
  std::uint64_t frames = 0;
  std::uint64_t records = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t last_number = 0;
  std::uint64_t signed_number = 0;        // up to here everything is covered by a signature
  Timestamp signed_until{};               // time of that checkpoint
  std::uint64_t unsigned_frames = 0;      // behind it
  std::uint64_t anchors = 0;              // that were compared
  std::uint64_t anchored_number = 0;      // of the last of them
  std::vector<AccessFinding> findings{};  // in order of the log; at most 100
  std::uint64_t more_findings = 0;
  std::vector<std::string> remarks{};  // what is in order and worth knowing: restarts after a crash

  bool ok() const { return findings.empty(); }
};

// Reads every segment in `folder`; a host may write to it meanwhile. `keys`: those that were in
// use; `anchors`: files of anchors, may be empty. "access.no_log" (permanent) when there is no
// segment, "access.failed" when a file cannot be read.
Result<AccessVerification> verify_access_log(const std::string& folder,
                                             const std::vector<CheckingKey>& keys,
                                             std::vector<std::string> anchors);

}  // namespace certbridge::host

// Closed segments to an archive and back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "access/records/signatures.h"
#include "certbridge/message.h"
#include "certbridge/result.h"

namespace certbridge::host {

struct ArchiveReport {
  std::vector<std::string> segments{};  // names, oldest first
  std::uint64_t bytes = 0;
};

// Signs the closed segments of `folder` anew (renewal.h) and copies them, with all renewals and the
// keys of personal parts, into the folder `into`, which is made. A host may write the log. What was
// copied is verified before this returns.
//   access.no_log (permanent)  no segment is closed
//   access.exists (permanent)  `into` is there already
//   access.altered (fault)     the log, or the copy, is not as it was written
Result<ArchiveReport> archive_access_log(const std::string& folder, const std::string& into,
                                         const std::string& node, Timestamp now,
                                         const SignatureKey& key,
                                         const std::vector<CheckingKey>& keys);

// Verifies an archive and lays what is missing in `folder` back there.
//   access.altered (fault)     the archive is not as it was written
//   access.differs (permanent) a segment is in `folder` already, with another content
Result<ArchiveReport> import_access_archive(const std::string& archive, const std::string& folder,
                                            const std::vector<CheckingKey>& keys);

// Takes segments out of `folder` that lie unchanged in `archive` and whose month ended `years` ago
// or earlier: ten at least. Their renewal stays, so that the rest is verified as before. The keys
// of their personal parts go with them.
//   access.too_young (permanent) `years` is below ten
Result<ArchiveReport> remove_archived_segments(const std::string& folder,
                                               const std::string& archive, int years, Timestamp now,
                                               const std::vector<CheckingKey>& keys);

}  // namespace certbridge::host

// Renewals: lists of closed segments with their digests, signed anew. They carry the proof on when
// a key or an algorithm is no longer trusted, and stand for segments that lie in an archive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "access/records/segment_folder.h"
#include "access/records/signatures.h"
#include "certbridge/message.h"

namespace certbridge::host {

struct RenewedSegment {
  std::string name{};
  std::uint64_t first = 0;  // number of its first frame
  std::uint64_t last = 0;   // and of its last
  std::uint64_t bytes = 0;  // of its frames, without the zeros behind them
  Sm3Digest sm3{};          // of those bytes
  std::string sha256{};     // likewise, hexadecimal: another algorithm for the same
  Sm3Digest last_hash{};    // of its last frame: what the next segment continues
};
struct Renewal {
  std::string file{};
  std::string node{};
  Timestamp made{};
  SigningKeyId key{};
  std::vector<RenewedSegment> segments{};
};

// Reads a segment and says what a renewal says of it. Throws Failure "access.failed", and
// "access.damaged" when it is not a row of frames whose digests fit.
RenewedSegment renewed(const SegmentFolder& folder, const std::string& segment);

// All closed segments (every one but the last), as a file in the folder "renewals"; whole or not
// there. Answers its name. Throws Failure as above, "access.no_log" when no segment is closed.
std::string make_renewal(const SegmentFolder& folder, const std::string& node, Timestamp now,
                         const SignatureKey& key);

// Those in the folder, oldest first. A file that is of another form, or not signed by one of these
// keys, is named in `refused` with the reason and left out. Throws Failure "access.failed".
std::vector<Renewal> read_renewals(const SegmentFolder& folder,
                                   const std::vector<CheckingKey>& keys,
                                   std::vector<std::pair<std::string, std::string>>& refused);

}  // namespace certbridge::host

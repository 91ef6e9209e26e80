// The body of a record's frame: plain members, and two sealed ones with all that is personal.
#pragma once

#include <string>
#include <string_view>

#include "access/records/access_record.h"
#include "access/records/personal_keys.h"
#include "certbridge/result.h"

namespace certbridge::host {

// Bytes under a key of personal parts.
struct SealedPart {
  KeyPlace key{};
  Suite suite = Suite::kAes256Gcm;
  std::string bytes{};  // nonce, ciphertext, tag
};

// A record as it lies in its frame. The personal members of `record` are empty.
struct RecordBody {
  AccessRecord record{};
  Sm3Digest inputs_digest{};     // of a random value and the inputs
  Sm3Digest disclosed_digest{};  // of the same and what left; zeros when nothing did
  SealedPart who{};
  SealedPart about{};
};

std::string encode(const RecordBody& body);
// "access.damaged" for bytes that are no such body.
Result<RecordBody> decode_record_body(std::string_view bytes);

// "access.too_large" when a member is longer than access_record.h says.
Result<void> check_size(const AccessRecord& record);

}  // namespace certbridge::host

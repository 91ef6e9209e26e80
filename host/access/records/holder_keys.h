// Which keys hide what is recorded of one holder.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "access/records/personal_keys.h"
#include "access/records/segment_folder.h"

namespace certbridge::host {

struct HolderKeys {
  std::set<KeyPlace> keys{};
  std::uint64_t records = 0;
  std::uint64_t first = 0;  // number of the first of them
};

// Reads every record: the index is not asked, because nothing may be missed. Throws Failure.
HolderKeys keys_of_holder(const SegmentFolder& folder, const std::string& node,
                          const PersonalKeys& keys, const std::string& holder);

}  // namespace certbridge::host

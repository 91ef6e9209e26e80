// Where what was used in cases is kept until it is archived, and under which key packages are
// sealed.
#pragma once

#include <cstdint>
#include <string>

#include "config/place.h"

namespace certbridge::host {

// <archive> of certbridge.xml. Without it nothing is kept and no package is made.
struct ArchiveConfig {
  bool given = false;
  std::string folder{};      // of this node: the folder given, and the node's name in it
  std::string key_secret{};  // 64 hexadecimal characters: the private key on the SM2 curve
  int keep_days = 1095;      // after the last use in a case
  std::uint64_t largest_case = 1ULL << 30;  // bytes that are kept of one case
  Place place{};
};

}  // namespace certbridge::host

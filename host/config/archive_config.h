// Where what was used in cases is kept until it is archived, and under which key packages are
// sealed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/place.h"

namespace certbridge::host {

// Under this name the host hands the packages of closed cases to itself, as messages of type
// "archive.case".
inline constexpr const char* kArchiveSource = "archive";

// <archive> of certbridge.xml. Without it nothing is kept and no package is made.
struct ArchiveConfig {
  bool given = false;
  std::string folder{};      // of this node: the folder given, and the node's name in it
  std::string key_secret{};  // 64 hexadecimal characters: the private key on the SM2 curve
  int keep_days = 1095;      // after the last use in a case
  std::uint64_t largest_case = 1ULL << 30;  // bytes that are kept of one case
  // Types of events of the registration system that close a case: then its package is made, where a
  // route takes it from kArchiveSource.
  std::vector<std::string> closed_by{"BANJIE"};
  Place place{};
};

}  // namespace certbridge::host

// Where records of accesses are kept, and under which key they are signed.
#pragma once

#include <string>

namespace certbridge::host {

// <access> of certbridge.xml. Without it there are no access records, and so no queries.
struct AccessConfig {
  bool given = false;
  std::string folder{};         // of this node: the folder given, and the node's name in it
  std::string anchor_folder{};  // signed checkpoints once more, in a second place
  std::string key_secret{};     // 64 hexadecimal characters: the private key on the SM2 curve
  int retention_years = 10;     // the schema takes no less
};

}  // namespace certbridge::host

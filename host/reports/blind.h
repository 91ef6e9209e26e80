// Blind identifiers: the same for the same person, holder or case under one master key.
#pragma once

#include <string>

#include "access/records/personal_parts.h"

namespace certbridge::host {

class Blind {
 public:
  explicit Blind(const Key& master) : key_(access_index_key(master)) {}

  // Eight bytes of the digest, to compare by.
  std::uint64_t number(AccessTerm kind, const std::string& value) const;
  // The same as people see it: "person 3f2a5c0d11e49b70".
  std::string text(AccessTerm kind, const std::string& value) const;
  static std::string text_of(AccessTerm kind, std::uint64_t number);

 private:
  Key key_;
};

}  // namespace certbridge::host

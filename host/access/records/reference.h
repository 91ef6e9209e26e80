// References: records by which another is found under a further holder or number of a case.
#pragma once

#include "access/records/access_record.h"

namespace certbridge::host {

// Codes of references.
inline constexpr const char* kJointHolder = "holder.joint";     // of a certificate of several
inline constexpr const char* kBecameCase = "provisional.case";  // number of the case

// To be given its code, and the holder or number of the ground that it stands for. Everything else
// by which `record` is found is the same, so that a search by several finds it.
inline AccessRecord reference_to(const AccessRecord& record, std::uint64_t number) {
  AccessRecord reference = record;
  reference.kind = AccessKind::kReference;
  reference.refers_to = number;
  reference.result = "reference";
  reference.inputs.clear();
  reference.sources.clear();
  reference.disclosed.clear();
  reference.disclosed_digest.clear();
  return reference;
}

}  // namespace certbridge::host

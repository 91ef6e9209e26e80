// Made-up records whose content follows from their number.
#pragma once

#include <string>

#include "access/records/access_record.h"

namespace certbridge::host::access_test {

inline AccessRecord record_of(int index) {
  const std::string number = std::to_string(index);
  AccessRecord record;
  record.trace_id = "t-" + number;
  record.system = "window-system";
  record.person = "clerk " + number;
  record.role = "clerk";
  record.level = "ukey";
  record.unit = "411300-hall";
  record.ground_kind = "case";
  record.ground = "case-" + number;
  record.purpose = "registration";
  record.certificate_type = "1101";
  record.issuer = "11411300006001";
  record.holder = "holder-" + std::to_string(index % 3);
  record.certificate_number = "number-" + number;
  record.certificate = "certificate-" + number;
  record.decision = index % 4 == 3 ? AccessDecision::kDenied : AccessDecision::kAllowed;
  record.code = "case.open";
  record.policy = "7";
  record.inputs = "inputs of " + number;
  record.sources = {{"municipal", "found"}, {"provincial", "unavailable"}};
  record.disclosed = {"holder", "location"};
  record.disclosed_digest = std::string(32, static_cast<char>('a' + index % 26));
  record.result = "found";
  record.refers_to = static_cast<std::uint64_t>(index);
  record.asked = Timestamp(std::chrono::milliseconds(1000 + index));
  record.decided = Timestamp(std::chrono::milliseconds(2000 + index));
  return record;
}

}  // namespace certbridge::host::access_test

// Holders and obligors from the parties of a case.
#pragma once

#include <vector>

#include "case_rows.h"
#include "certbridge/certificate.h"

namespace certbridge::registration {

struct Parties {
  std::vector<Holder> holders{};   // 权利人
  std::vector<Holder> obligors{};  // 义务人
  Holding holding = Holding::kSole;
  bool held_separately = false;  // a holder names this certificate as its own
};

// Those of one certificate, in their order: a party that names a certificate belongs to it alone
// (分别持证), the others to every certificate. Errors carry the place and the code of the value.
Result<Parties> parties_of(const CaseRows& rows, const std::string& certificate_id);

}  // namespace certbridge::registration

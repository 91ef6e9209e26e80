// What was recorded and not kept, because the process ended between the two.
#pragma once

#include <deque>

#include "access/records/access_reader.h"
#include "archive/kept_uses.h"
#include "certbridge/context.h"

namespace certbridge::host {

// After a start: of the last records of earlier processes, those whose answer should have been kept
// for a case and is not are noted there as missing, so that the package of the case says so. One
// thread. Looks at no more than the last 10,000 uses, within the hour before the newest one: what
// was under way when a process ended is among them.
class KeptCheck {
 public:
  // `last`: number of the last record of earlier processes. Lends both.
  KeptCheck(KeptUses& kept, Logger& logger, std::uint64_t last);

  // Records in their order.
  void see(const ReadAccess& access);
  // Behind the last one; answers how many it noted.
  std::uint64_t finish();

 private:
  bool note(const ReadAccess& access);

  KeptUses& kept_;
  Logger& logger_;
  std::uint64_t last_;
  std::deque<ReadAccess> uses_{};
};

}  // namespace certbridge::host

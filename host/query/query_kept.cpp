// What is used in a case is kept for its archive (article 15 of the measures), before it leaves.
#include "archive/kept_uses.h"
#include "query/query_run.h"

namespace certbridge::host {

// Availability uses no certificate: it says whether there is one.
bool QueryRun::is_kept() const {
  return desk_.given.kept != nullptr && decision_.allowed && facts_.case_facts.has_value() &&
         kind_ != QueryKind::kAvailability;
}

void QueryRun::note_used(const std::vector<Found>& found, Answer& answer) const {
  if (!is_kept()) return;
  for (const Found& one : found) answer.used.push_back({one.source, one.as_of, one.certificate});
}

Result<void> QueryRun::keep(const Answer& answer, const AccessRecord& main,
                            const AccessPlace& place) {
  if (!is_kept() || answer.digest.empty()) return {};
  KeptUse use;
  use.case_no = facts_.case_facts->case_no.empty() ? request_.ground : facts_.case_facts->case_no;
  if (!facts_.case_facts->provisional) use.earlier_no = facts_.case_facts->provisional_no;
  use.place = place;
  use.record = main;
  use.certificates = answer.used;
  use.answer = answer.part;
  use.file = received_file_ ? received_file_ : answer.file ? answer.file : shown_file_;
  if (received_file_) use.copy = answer.file;
  return desk_.given.kept->keep(use);
}

}  // namespace certbridge::host

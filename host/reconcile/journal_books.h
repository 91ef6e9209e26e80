// What the journal has of a day's certificates and cases. Reads committed snapshots only.
#pragma once

#include "journal/store.h"
#include "reconcile/compare.h"

namespace certbridge::host {

struct JournalQuestion {
  std::chrono::year_month_day day{};
  std::string area{};  // empty: all
  std::chrono::minutes zone{480};
  std::vector<std::string> sinks{};  // to which certificates are delivered
};

// Gathers into `gathered.journal` and `gathered.cases` what is to be compared with the books that
// stand there already. Certificates of a day are looked for among what was accepted from the day
// before until a week after, and by every case and number of the other books, whenever it came.
// "reconcile.too_many", and the store's codes.
Result<void> gather_journal(Store& store, const JournalQuestion& question, Gathered& gathered);

// Whether anything of the case ever came.
Result<bool> has_arrived(Store& store, const std::string& case_no);

}  // namespace certbridge::host

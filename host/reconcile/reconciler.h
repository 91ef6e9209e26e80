// Asks everybody for his books of a day and compares them; looks for cases that never arrived.
// Changes nothing, here or elsewhere.
#pragma once

#include <mutex>

#include "config/model.h"
#include "journal/store.h"
#include "plugins/endpoints.h"
#include "reconcile/asking.h"
#include "reconcile/difference.h"

namespace certbridge::host {

// Any thread may call. All references outlive it. Once `stop` is requested nobody is waited for.
class Reconciler {
 public:
  Reconciler(const Configuration& configuration, Store& store, EndpointSet& endpoints,
             const Clock& clock, std::stop_token stop)
      : configuration_(configuration),
        store_(store),
        clock_(clock),
        asker_(endpoints, clock, std::move(stop)) {}

  // `area` may be empty. Who cannot be asked is said in the comparison, and the others are
  // compared. "reconcile.not_configured"; "reconcile.busy" when another call goes on for seconds;
  // "reconcile.too_many"; those of the store.
  Result<Comparison> compare(std::chrono::year_month_day day, const std::string& area);
  // Cases booked on one of the last days, and longer than `older_than` ago, of which nothing ever
  // came; oldest first. Codes as above, and those of asking the registration system.
  Result<std::vector<BookedCase>> never_arrived(std::chrono::milliseconds older_than, int days);
  // What the log of each counterpart says of the uses of a day, by the sink for which it speaks.
  // "reconcile.not_configured", "reconcile.busy".
  Result<std::vector<std::pair<std::string, Result<LoggedUses>>>> logged_uses(
      std::chrono::year_month_day day);

 private:
  using Turn = std::unique_lock<std::timed_mutex>;
  Result<Turn> turn();

  const Configuration& configuration_;
  Store& store_;
  const Clock& clock_;
  BooksAsker asker_;
  std::timed_mutex turn_{};
};

}  // namespace certbridge::host

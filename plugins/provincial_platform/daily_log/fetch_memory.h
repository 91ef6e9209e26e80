// What the runs of missing-bookings for one hand-over of a day remember of each other.
#pragma once

#include <string>
#include <vector>

#include "certbridge/context.h"
#include "daily_log/booked_day.h"

namespace certbridge::provincial_platform {

// A message that runs its route for what an earlier run left has the header `again`.
bool is_again(const Message& day);
// Handed back, the host runs it anew once what this run has made is stored.
Message once_more(const Message& day);

struct FetchedBooking {
  std::string case_number{};
  std::string key{};  // Access::key()
};

// What one run has fetched, and how far it has come in the order of cases.
struct Fetched {
  std::vector<Message> messages{};
  std::vector<FetchedBooking> bookings{};  // of each message
  std::string passed{};                    // the last case that nothing is left of
  bool whole = true;                       // no case is left
};

// Stored with the messages of the run, so that a run that failed has left nothing.
class FetchMemory {
 public:
  // `memory` outlives it.
  FetchMemory(Memory& memory, const AreaDay& of, const Message& day, std::string step_key);

  // What this message has fetched before, in its order; nothing on its first run.
  // "provincial.memory" when what is kept cannot be read.
  Result<std::vector<FetchedBooking>> fetched();
  // Up to which case earlier runs have asked: also what nothing could be made of is not asked about
  // again. Empty for the first run.
  Result<std::string> passed();
  Result<void> note(const Fetched& fetched);

 private:
  Memory& memory_;
  OrderKey key_;
  std::string step_;
  std::string made_;
  bool again_;
};

}  // namespace certbridge::provincial_platform

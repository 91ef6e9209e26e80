// Objections and complaints of a running host: raised, taken, answered. Each event is an access
// record, durable before anybody is told; what is in memory follows from them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/records/access_log.h"
#include "access/records/earlier_records.h"
#include "certbridge/context.h"
#include "objections/objection_book.h"

namespace certbridge::host {

// What answers say of an open objection: nothing of who raised it or what he wrote.
struct ObjectionMark {
  std::uint64_t number = 0;
  Timestamp since{};
  std::string state{};  // "raised", "taken"; "unknown" with number 0: the host is starting
  std::vector<std::string> fields{};
};

// Any thread. Codes besides those of the access log and of state_after():
//   objection.starting (retryable)   records of earlier processes are not all read yet
//   objection.enough (permanent)     20 are open against this certificate
//   objection.full (retryable)       100,000 are open
//   objection.unknown (permanent)    there is none of that number
//   objection.of_another (permanent) another reviewer has taken it
class Objections {
 public:
  // All outlive it.
  Objections(AccessRecorder& recorder, EarlierRecords& earlier, const Clock& clock);
  ~Objections();
  Objections(const Objections&) = delete;
  Objections& operator=(const Objections&) = delete;

  // Reads what earlier processes recorded, by the index: as many steps as there are records of
  // objections, whatever the size of the log. Does nothing once it succeeded.
  Result<void> build();

  // `record` is allowed, of kind kObjection or kComplaint, and complete but for `result`. Answers
  // the number of the objection.
  Result<std::uint64_t> raise(AccessRecord record);
  // `record` says who, why, and by which decision; what it is about is filled in.
  Result<Objection> take_step(std::uint64_t number, ObjectionStep step, AccessRecord record);
  // Somebody is about to read it: recorded first. Answers the number of that record.
  Result<std::uint64_t> note_shown(std::uint64_t number, AccessRecord record);

  // His keys were destroyed in this process: nothing in memory tells of him any more.
  void forget(const std::string& holder);

  Result<Objection> find(std::uint64_t number) const;
  // What was written of it, for whoever may see that. Reads the log.
  struct Written {
    AccessRecord raised{};
    std::vector<AccessRecord> steps{};  // of the table, in order
  };
  Result<Written> records_of(const Objection& objection) const;
  // Against this certificate, while one is open. Never waits for a disk.
  std::optional<ObjectionMark> mark_of(const std::string& identifier, const std::string& type,
                                       const std::string& normalised_number) const;
  Result<std::vector<Objection>> list(const ObjectionFilter& filter) const;
  // For reports of a period (article 19): those that were overdue at some moment from `from` on and
  // before `until`, also where they have ended since; by when they were due.
  Result<std::vector<Objection>> overdue(Timestamp from, Timestamp until) const;

  struct Figures {
    std::size_t open = 0;
    std::size_t overdue = 0;
  };
  // Nothing while the host is starting.
  std::optional<Figures> figures(ObjectionKind kind) const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace certbridge::host

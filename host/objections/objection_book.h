// All objections and complaints in memory, derived from their access records.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "access/records/access_record.h"
#include "objections/objection.h"

namespace certbridge::host {

// Which of them somebody wants to see.
struct ObjectionFilter {
  ObjectionKind kind = ObjectionKind::kObjection;
  std::optional<ObjectionState> state{};  // none: those that are open
  bool every_state = false;               // instead of `state`
  bool only_overdue = false;
  std::string unit{};  // code of the issuing unit, or of a complaint's that asked for paper
  std::size_t limit = 100;
};

// One thread at a time.
class ObjectionBook {
 public:
  // Records in ascending order of their numbers; what is none of an objection is passed over.
  void add(std::uint64_t number, const AccessRecord& record);

  // What is personal of this holder, as records have it once his keys are destroyed.
  void forget(const std::string& holder);

  const Objection* find(std::uint64_t number) const;  // null: there is none of that number
  // The oldest open objection against a certificate; null: none.
  const Objection* open_against(const std::string& identifier, const std::string& type,
                                const std::string& number) const;
  std::size_t open_against_count(const Objection& other) const;
  std::size_t open_count(ObjectionKind kind) const { return open_.at(kind).size(); }
  std::size_t overdue_count(ObjectionKind kind, Timestamp now) const;
  // Overdue ones first, then by when they are due.
  std::vector<Objection> list(const ObjectionFilter& filter, Timestamp now) const;
  // Those that were overdue at some moment from `from` on and before `until`, by when they were
  // due; of both kinds. `now` is where the knowledge of this book ends.
  std::vector<Objection> overdue(Timestamp from, Timestamp until, Timestamp now) const;

 private:
  using Numbers = std::set<std::uint64_t>;
  void close(const Objection& objection);
  void forget_certificate(const Objection& objection);
  void forget_oldest();

  std::map<std::uint64_t, Objection> all_{};
  std::map<ObjectionKind, Numbers> open_{{ObjectionKind::kObjection, {}},
                                         {ObjectionKind::kComplaint, {}}};
  std::unordered_map<std::string, Numbers> against_{};  // open ones, by names of their certificate
};

}  // namespace certbridge::host

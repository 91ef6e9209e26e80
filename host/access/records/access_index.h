// The index of access records: found by person, holder, certificate, case and period. It is derived
// from the records and the keys of their personal parts, and may be lost.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "access/records/access_reader.h"
#include "access/records/personal_parts.h"
#include "certbridge/context.h"

namespace certbridge::host {

struct AccessQuestion {
  std::vector<std::pair<AccessTerm, std::string>> terms{};  // all of them
  std::optional<Timestamp> from{};                          // written then or later
  std::optional<Timestamp> until{};                         // written before
  std::uint64_t before = 0;  // the `next` of the page before; 0: the first page
  std::size_t limit = 100;
};
struct AccessAnswer {
  std::vector<ReadAccess> found{};  // newest first
  std::uint64_t next = 0;           // where the next page begins; 0: this was the last
};

// One thread. Codes: those of AccessReader and of the search index ("search.in_use"…).
class AccessIndex {
 public:
  // `folder` of one node; the index lies below it. The clock outlives it.
  static Result<std::unique_ptr<AccessIndex>> open(const std::string& folder,
                                                   const std::string& node,
                                                   const std::string& master_key,
                                                   const Clock& clock);
  ~AccessIndex();
  AccessIndex(const AccessIndex&) = delete;
  AccessIndex& operator=(const AccessIndex&) = delete;

  // Enters what was recorded since; answers how many records. Records whose keys are gone are
  // found by nothing but their period.
  Result<std::uint64_t> fill(const std::stop_token& stop);
  // In what is entered. Without terms, every record of the period but references; by a holder or a
  // case also what is referred to, in the place of the reference.
  Result<AccessAnswer> find(const AccessQuestion& question);

 private:
  class Parts;
  explicit AccessIndex(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Forgets the whole index of this log: the next fill makes it anew, without what keys were
// destroyed of since.
void forget_access_index(const std::string& folder);

}  // namespace certbridge::host

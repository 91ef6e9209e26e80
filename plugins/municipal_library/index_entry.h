// What is kept of an entry of an index, so that each time that it is told has a version of its own
// and says the whole row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "certbridge/context.h"
#include "values.h"

namespace certbridge::municipal_library {

struct IndexEntry {
  bool held = false;          // it is there, and was not deleted
  std::uint64_t version = 0;  // that was told last; 0: none ever was
  std::string told_by{};      // step key of the attempt that told it
  std::uint64_t order = 0;    // Message::order_number of the latest message that was told
  int issued = 0;             // version of the certificate that was told last
  Texts row{};                // as it was told last: what a change of status repeats
  // What an attempt has begun and nobody knows the end of.
  std::string begun_by{};  // its step key; empty: none
  std::uint64_t begun_version = 0;
  int begun_issued = 0;
  Texts begun_row{};
  bool deletes = false;  // it takes the entry away; stays when it has
  bool refused = false;  // its end is known: the platform took nothing of it
  bool undone = false;   // what was told last was refused afterwards: `row` is not what is there
};

// What one message told, whatever was told after it.
struct ToldRow {
  std::uint64_t version = 0;  // 0: nothing that is known
  bool inserted = false;
};

// Kept, encrypted as all of the journal, in the endpoint's Memory under the entry's name. One
// thread at a time for one entry, which the order key of its certificate sees to.
class IndexBook {
 public:
  IndexBook(Memory& memory, std::string step_key, const std::string& entry);
  // A new entry when there is none yet. "municipal.memory": what was kept cannot be read.
  Result<IndexEntry> load();
  // Durable when it returns: before the first byte leaves.
  Result<void> save(const IndexEntry& entry);
  // Commits with what the attempt comes to.
  Result<void> note(const IndexEntry& entry);
  // Of the message whose attempt this is; kept as long as its delivery's body.
  Result<ToldRow> told();
  // Commits with what the attempt comes to.
  Result<void> note_told(const ToldRow& told);

 private:
  Memory& memory_;
  std::string step_key_;
  std::string name_;
  std::string told_name_;
};

}  // namespace certbridge::municipal_library

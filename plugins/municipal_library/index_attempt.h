// One attempt to tell of an entry of an index: the version that it takes is durable before the
// first byte leaves, and is taken again by whoever tries the same message again.
#pragma once

#include <optional>

#include "index_row.h"

namespace certbridge::municipal_library {

class IndexAttempt {
 public:
  // Errors: those of read_index_change() and IndexBook; kCodeNotHeld: the status of a certificate
  // of which the platform was never told. The dialect and the memory outlive the attempt.
  static Result<IndexAttempt> open(const Dialect& dialect, Memory& memory, const Message& message,
                                   Timestamp now, const std::string& step_key);

  const IndexEntry& entry() const { return entry_; }
  const std::string& entry_name() const { return change_.entry; }
  // Another message's attempt came to nobody knows what, or one of this message was refused: the
  // next version follows on what the platform has.
  bool is_in_doubt() const;
  // What the platform says that it has; 0: nothing.
  void learn(std::uint64_t version, bool held);
  // What was begun is not there, and its version is not taken again.
  void use_up();
  // The platform has lost the entry, or never had it.
  void forget();
  // The same; commits with what the attempt comes to.
  Result<void> note_lost();

  // What would be told; none: it needs not be. kCodeNotHeld: the status of a certificate of which
  // the platform took nothing.
  Result<std::optional<IndexRow>> row() const;
  // The same, and its version is durable.
  Result<std::optional<IndexRow>> begin();
  // The version that this message has told or begun to tell; 0: none that is known.
  std::uint64_t own_version() const;
  // A later message was told, and all that this one says with it: it is not told by itself.
  bool is_overtaken() const;
  // What was begun is there; commits with what the attempt comes to.
  Result<void> end();
  // It is not, for good; also said of what was there before.
  Result<void> refused();

 private:
  IndexAttempt(const Dialect& dialect, IndexChange change, IndexBook book, std::string step_key)
      : dialect_(&dialect),
        change_(std::move(change)),
        book_(std::move(book)),
        step_key_(std::move(step_key)) {}
  std::uint64_t next_version() const;
  // A later message was told: how it stands now is not for this one to say.
  bool is_late() const { return change_.order < entry_.order; }
  int issued() const;
  std::optional<IndexOperation> operation() const;
  void take_back();
  bool is_mine() const { return entry_.begun_by == step_key_; }

  const Dialect* dialect_;
  IndexChange change_;
  IndexBook book_;
  std::string step_key_;
  IndexEntry entry_{};
};

}  // namespace certbridge::municipal_library

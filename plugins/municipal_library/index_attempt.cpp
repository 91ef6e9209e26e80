#include "index_attempt.h"

#include <algorithm>

#include "certbridge/endpoint.h"

namespace certbridge::municipal_library {

Result<IndexAttempt> IndexAttempt::open(const Dialect& dialect, Memory& memory,
                                        const Message& message, Timestamp now,
                                        const std::string& step_key) {
  auto change = read_index_change(message, now);
  if (!change) return change.error();
  const std::string name = change.value().entry;
  const bool status_only = change.value().life.has_value();
  IndexAttempt attempt(dialect, std::move(change).value(), IndexBook(memory, step_key, name),
                       step_key);
  auto entry = attempt.book_.load();
  if (!entry) return entry.error();
  attempt.entry_ = std::move(entry).value();
  const bool never_told = attempt.entry_.version == 0 && attempt.entry_.begun_by.empty();
  if (!status_only || !never_told) return attempt;
  return Error::permanent(kCodeNotHeld,
                          "the platform was never told of this certificate: there is no entry");
}

bool IndexAttempt::is_in_doubt() const {
  return !entry_.begun_by.empty() && (!is_mine() || entry_.refused);
}

void IndexAttempt::learn(std::uint64_t version, bool held) {
  if (version == entry_.begun_version && !entry_.refused) entry_.row = entry_.begun_row;
  if (version != entry_.version) entry_.told_by.clear();
  entry_.version = version;
  entry_.held = held;
  entry_.begun_by.clear();
  entry_.begun_row.clear();
  entry_.refused = false;
}

// What this message told already it tells under the same version: the platform has it, or lost it.
std::uint64_t IndexAttempt::next_version() const {
  const std::uint64_t own = own_version();
  return own == 0 ? entry_.version + 1 : own;
}

std::uint64_t IndexAttempt::own_version() const {
  if (is_mine() && !entry_.refused) return entry_.begun_version;
  return entry_.told_by == step_key_ ? entry_.version : 0;
}

Result<std::optional<IndexRow>> IndexAttempt::row() {
  const auto operation = operation_for(*dialect_, change_, entry_);
  if (!operation) return std::optional<IndexRow>();
  auto row = make_row(*dialect_, change_, entry_, *operation, next_version());
  if (!row) return row.error();
  return std::optional(std::move(row).value());
}

Result<std::optional<IndexRow>> IndexAttempt::begin() {
  const auto operation = operation_for(*dialect_, change_, entry_);
  if (!operation) return std::optional<IndexRow>();
  auto row = make_row(*dialect_, change_, entry_, *operation, next_version());
  if (!row) return row.error();
  entry_.begun_version = row.value().step.version;
  entry_.begun_by = step_key_;
  entry_.begun_row = row.value().texts;
  entry_.deletes = *operation == IndexOperation::kDelete;
  entry_.refused = false;
  if (auto saved = book_.save(entry_); !saved) return saved.error();
  return std::optional(std::move(row).value());
}

Result<void> IndexAttempt::end() {
  if (!is_mine()) return {};
  entry_.version = entry_.begun_version;
  entry_.held = !entry_.deletes;
  entry_.row = std::move(entry_.begun_row);
  entry_.told_by = step_key_;
  entry_.order = std::max(entry_.order, change_.order);
  entry_.begun_by.clear();
  entry_.begun_row.clear();
  return book_.note(entry_);
}

Result<void> IndexAttempt::refused() {
  if (!is_mine()) return {};
  entry_.refused = true;
  return book_.note(entry_);
}

}  // namespace certbridge::municipal_library

#include "index_attempt.h"

#include <algorithm>

#include "certbridge/endpoint.h"

namespace certbridge::municipal_library {
namespace {

Error never_told() {
  return Error::permanent(kCodeNotHeld,
                          "the platform was never told of this certificate: there is no entry");
}

}  // namespace

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
  attempt.change_.says_status = !attempt.is_late();
  if (attempt.is_overtaken()) attempt.change_.says_content = false;
  const bool told = !attempt.entry_.row.empty() || !attempt.entry_.begun_by.empty();
  if (status_only && !told) return never_told();
  return attempt;
}

bool IndexAttempt::is_in_doubt() const {
  return !entry_.begun_by.empty() && (!is_mine() || entry_.refused);
}

void IndexAttempt::learn(std::uint64_t version, bool held) {
  if (version == entry_.begun_version && !entry_.refused) {
    entry_.row = entry_.begun_row;
    entry_.issued = entry_.begun_issued;
  }
  if (version != entry_.version) entry_.told_by.clear();
  entry_.version = version;
  entry_.held = held;
  entry_.deletes = version > 0 && !held;
  entry_.begun_by.clear();
  entry_.begun_row.clear();
  entry_.refused = false;
}

// What this message told already it tells under the same version: the platform has it, or lost it.
std::uint64_t IndexAttempt::next_version() const {
  const std::uint64_t own = own_version();
  return own == 0 ? entry_.version + 1 : own;
}

void IndexAttempt::use_up() {
  entry_.version = std::max(entry_.version, entry_.begun_version);
  entry_.told_by.clear();
  entry_.begun_by.clear();
  entry_.begun_row.clear();
  entry_.refused = false;
}

std::uint64_t IndexAttempt::own_version() const {
  if (is_mine() && !entry_.refused) return entry_.begun_version;
  return entry_.told_by == step_key_ ? entry_.version : 0;
}

void IndexAttempt::forget() { entry_.held = entry_.deletes = false; }

Result<void> IndexAttempt::note_lost() {
  forget();
  return book_.note(entry_);
}

int IndexAttempt::issued() const {
  return change_.certificate ? change_.certificate->identifier.version() : entry_.issued;
}

bool IndexAttempt::is_overtaken() const {
  return is_late() && (change_.life || issued() <= entry_.issued);
}

// What ended meanwhile is not told again; what the platform lost is, as it was told last.
std::optional<IndexOperation> IndexAttempt::operation() const {
  if (is_late() && !entry_.held && entry_.deletes) return {};
  if (!is_overtaken()) return operation_for(*dialect_, change_, entry_);
  if (entry_.held) return {};
  return IndexOperation::kInsert;
}

Result<std::optional<IndexRow>> IndexAttempt::row() const {
  const auto does = operation();
  if (!does) return std::optional<IndexRow>();
  if (!change_.says_content && entry_.row.empty()) return never_told();
  auto row = make_row(*dialect_, change_, entry_, *does, next_version());
  if (!row) return row.error();
  const bool spared = change_.life && *does == IndexOperation::kUpdate && own_version() == 0 &&
                      says_nothing_new(dialect_->index, row.value(), entry_);
  if (spared) return std::optional<IndexRow>();
  return std::optional(std::move(row).value());
}

Result<std::optional<IndexRow>> IndexAttempt::begin() {
  auto row = this->row();
  if (!row || !row.value()) return row;
  const IndexStep& step = row.value()->step;
  entry_.begun_version = step.version;
  entry_.begun_by = step_key_;
  entry_.begun_row = row.value()->texts;
  entry_.begun_issued = std::max(issued(), entry_.issued);
  entry_.deletes = step.operation == dialect_->index.operations.at(IndexOperation::kDelete);
  entry_.refused = false;
  if (auto saved = book_.save(entry_); !saved) return saved.error();
  return row;
}

Result<void> IndexAttempt::end() {
  if (!is_mine()) return {};
  entry_.version = entry_.begun_version;
  entry_.held = !entry_.deletes;
  entry_.issued = entry_.begun_issued;
  entry_.row = std::move(entry_.begun_row);
  entry_.told_by = step_key_;
  entry_.order = std::max(entry_.order, change_.order);
  entry_.begun_by.clear();
  entry_.begun_row.clear();
  return book_.note(entry_);
}

// A row of which the platform says late that it did not take it: what it changed is as it was.
void IndexAttempt::take_back() {
  const auto inserts = [this](const Field& field) {
    if (field.from != "index.operation") return false;
    const auto said = entry_.row.find(field.name);
    return said != entry_.row.end() &&
           said->second == dialect_->index.operations.at(IndexOperation::kInsert);
  };
  const auto& fields = dialect_->index.row;
  entry_.held = std::none_of(fields.begin(), fields.end(), inserts);
  entry_.deletes = false;
  entry_.begun_by = step_key_;
  entry_.begun_version = entry_.version;
  entry_.begun_issued = entry_.issued;
  entry_.begun_row = entry_.row;
  entry_.told_by.clear();
}

Result<void> IndexAttempt::refused() {
  if (entry_.told_by == step_key_ && entry_.begun_by.empty()) take_back();
  if (!is_mine()) return {};
  entry_.refused = true;
  return book_.note(entry_);
}

}  // namespace certbridge::municipal_library

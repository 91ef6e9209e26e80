// The journal looked after by people: counted, verified, copied away and put back. The host may run
// meanwhile, except for a restore.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "journal/store.h"

namespace certbridge::host {

// Something in the journal that is not what was written. Nothing is ever removed because of it.
struct Damage {
  std::string place{};  // "message m-0000000012", "content file 20261127/4f…", "journal.db"
  std::string what{};
};

struct Verification {
  std::uint64_t messages = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t values = 0;  // receipts, verdicts, memory, results of steps
  std::uint64_t content_files = 0;
  std::uint64_t content_bytes = 0;
  std::vector<Damage> damages{};   // the first kMostDamages
  std::uint64_t more_damages = 0;  // found beyond them
};
inline constexpr std::size_t kMostDamages = 1000;

// Reads everything that is stored: the pages and indexes of the database, each sealed value, each
// chunk of each content file, and whether rows that name each other are there. Uses folder and
// master key of the settings. "journal.wrong_key", "journal.newer_format", "journal.failed".
Result<Verification> verify_journal(const StoreSettings& settings);

struct JournalStatistics {
  StoreFigures figures{};  // counts by state
  std::uint64_t database_bytes = 0;
  std::uint64_t wal_bytes = 0;
  std::uint64_t content_files = 0;
  std::uint64_t content_bytes = 0;
  std::uint64_t ledger_rows = 0;
  std::uint64_t trace_rows = 0;
  std::uint64_t bodies_dropped = 0;  // of messages that ended long ago
  std::uint64_t unmatched_verdicts = 0;
  std::vector<std::string> key_months{};         // of the data keys in use, oldest first
  std::optional<Timestamp> oldest_unfinished{};  // when the oldest message under way was accepted
  std::string oldest_unfinished_id{};
};
Result<JournalStatistics> journal_statistics(const StoreSettings& settings);

struct BackupReport {
  std::string folder{};
  std::uint64_t messages = 0;
  std::uint64_t content_files = 0;
  std::uint64_t bytes = 0;
  Timestamp made{};
};
// Copies the journal, as it is at one moment, into a new folder: database, content files and a
// manifest that is written last. What is sealed stays sealed under the same master key, which is
// not part of the copy. All of it is on stable storage when this returns. "journal.backup_exists",
// "journal.backup_moved_on" (content was dropped meanwhile: run it again), "journal.failed".
Result<BackupReport> backup_journal(const StoreSettings& settings, const std::string& folder);

struct RestoreReport {
  BackupReport backup{};
  std::uint64_t in_doubt = 0;  // deliveries that are asked about before they are sent
};
// Makes a data folder of a backup. Whatever was not settled when the backup was made may have been
// delivered since: each such delivery, also one that is made later of a message in the backup, is
// confirmed at its counterpart before it is sent. New messages and counters go on `jump` numbers
// further, so that no number stands for two things. Refused whole when the folder holds a journal
// ("journal.restore_exists") or the backup is incomplete or changed ("journal.backup_damaged").
Result<RestoreReport> restore_journal(const std::string& backup, const StoreSettings& settings,
                                      std::uint64_t jump);

}  // namespace certbridge::host

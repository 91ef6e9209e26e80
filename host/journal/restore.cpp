#include <sys/stat.h>

#include <cstdio>
#include <filesystem>

#include "journal/backup_parts.h"
#include "journal/counts.h"
#include "journal/stop_point.h"

namespace certbridge::host {
namespace {

namespace files = std::filesystem;

void expect_no_journal(const std::string& folder) {
  struct stat found {};
  if (stat((folder + "/journal.db").c_str(), &found) == 0) {
    throw Failure(Error::permanent("journal.restore_exists",
                                   folder + " holds a journal; stop the host, move the folder away "
                                            "and keep it until the books are compared"));
  }
}

BackupManifest checked_manifest(const std::string& backup, const StoreSettings& settings) {
  BackupManifest manifest = read_manifest(backup);
  if (manifest.master_key_id != settings.master_key_id) {
    throw Failure(Error::permanent(
        "journal.wrong_key", "the backup was made under the master key " + manifest.master_key_id +
                                 ", not " + settings.master_key_id));
  }
  if (digest_of_file(backup + "/journal.db") != manifest.database_digest) {
    throw Failure(Error::permanent("journal.backup_damaged",
                                   backup + "/journal.db is not what the manifest says"));
  }
  return manifest;
}

void put_meta(Connection& connection, const char* name, std::int64_t value) {
  connection.run("insert or replace into meta(name, value) values (?, ?)", std::string(name),
                 std::to_string(value));
}

// Nothing here is known to be undelivered any more: it is asked about first. The settle time counts
// from now, the latest moment at which the lost life of this journal can have sent something.
std::uint64_t put_in_doubt(Connection& connection, Timestamp now, std::uint64_t jump) {
  const std::int64_t moment = now.time_since_epoch().count();
  connection.command("begin immediate");
  const auto last = connection.number("select max(number) from messages").value_or(0);
  put_meta(connection, "doubt_up_to", last);
  put_meta(connection, "doubt_since", moment);
  put_meta(connection, "next_number", last + 1 + static_cast<std::int64_t>(jump));
  connection.run("update counters set next = next + ?", static_cast<std::int64_t>(jump));
  connection.run("update deliveries set next_at = ? where state = 5", moment);
  const std::int64_t doubted = connection.run(
      "update deliveries set state = 7, next_at = ?1, changed = ?1, last_attempt = ?1 where state "
      "in (2, 3, 6, 7)",
      moment);
  const auto waiting =
      connection.number("select count(*) from deliveries where state = 1").value_or(0);
  forget_counts(connection);
  connection.command("commit");
  return static_cast<std::uint64_t>(doubted + waiting);
}

}  // namespace

Result<RestoreReport> restore_journal(const std::string& backup, const StoreSettings& settings,
                                      std::uint64_t jump) {
  try {
    expect_no_journal(settings.folder);
    RestoreReport report;
    report.backup = checked_manifest(backup, settings).report;
    std::error_code problem;
    files::create_directories(settings.folder + "/content", problem);
    files::permissions(settings.folder, files::perms::owner_all, problem);
    // Under its final name only once it is whole: what a cut leaves is no journal.
    const std::string part = settings.folder + "/journal.db.restoring";
    files::copy_file(backup + "/journal.db", part, files::copy_options::overwrite_existing,
                     problem);
    if (problem) throw Failure(Error::permanent("journal.failed", part + ": " + problem.message()));
    {
      Connection connection(part, false);
      configure_connection(connection, true);
      check_schema(connection);
      copy_contents(content_rows(connection), backup, settings.folder,
                    Error::permanent("journal.backup_damaged", backup + " lacks a content file"));
      report.in_doubt = put_in_doubt(connection, settings.clock->now(), jump);
      connection.checkpoint(true);
      // Back to one file, so that one rename moves all of it.
      connection.pragma_text("pragma journal_mode = delete");
    }
    sync_file(part);
    stop_point("journal.restoring");
    files::rename(part, settings.folder + "/journal.db", problem);
    if (problem) throw Failure(Error::permanent("journal.failed", part + ": " + problem.message()));
    sync_folder(settings.folder);
    return report;
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace certbridge::host

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "journal/backup_parts.h"
#include "journal/cipher.h"
#include "journal/maintenance_parts.h"

namespace certbridge::host {
namespace {

namespace files = std::filesystem;

void make_folders(const std::string& folder) {
  std::error_code problem;
  if (files::exists(folder, problem) && !files::is_empty(folder, problem)) {
    throw Failure(Error::permanent("journal.backup_exists",
                                   folder + " is not empty; name a folder that is not there yet"));
  }
  files::create_directories(folder + "/content", problem);
  if (problem) {
    throw Failure(Error::permanent("journal.failed", folder + ": " + problem.message()));
  }
  files::permissions(folder, files::perms::owner_all, problem);
}

// The database as it is at this moment, written whole into a new file without a log.
void copy_database(Connection& connection, const std::string& target) {
  connection.command("pragma query_only = off");
  connection.run("vacuum into ?", target);
  sync_file(target);
}

Error moved_on() {
  return Error::retryable("journal.backup_moved_on",
                          "a content file was dropped meanwhile, or is missing; run it again, and "
                          "ask `certbridge journal verify` when that does not help");
}

}  // namespace

void sync_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int synced = file < 0 ? -1 : fsync(file);
  const int problem = errno;
  if (file >= 0) close(file);
  if (synced != 0) {
    throw Failure(Error::permanent("journal.failed", path + ": " + std::strerror(problem)));
  }
}

std::vector<ContentRow> content_rows(Connection& connection) {
  std::vector<ContentRow> rows;
  Statement& named = connection.select("bti", "select name, bucket, size from contents");
  while (named.next()) rows.push_back({named.blob(0), named.text(1), named.integer(2)});
  return rows;
}

std::uint64_t copy_contents(const std::vector<ContentRow>& rows, const std::string& from,
                            const std::string& to, const Error& missing) {
  std::uint64_t bytes = 0;
  std::set<std::string> buckets;
  for (const ContentRow& row : rows) {
    std::error_code problem;
    if (buckets.insert(row.bucket).second) {
      files::create_directories(to + "/content/" + row.bucket, problem);
    }
    const std::string target = content_path(to, row);
    files::copy_file(content_path(from, row), target, files::copy_options::overwrite_existing,
                     problem);
    if (problem) {
      const bool gone = problem == std::errc::no_such_file_or_directory;
      throw Failure(gone ? missing
                         : Error::permanent("journal.failed", target + ": " + problem.message()));
    }
    sync_file(target);
    bytes += files::file_size(target, problem);
  }
  for (const std::string& bucket : buckets) sync_folder(to + "/content/" + bucket);
  sync_folder(to + "/content");
  return bytes;
}

std::string digest_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  Sm3 digest;
  std::string buffer(1 << 16, '\0');
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
    digest.add(std::string_view(buffer).substr(0, static_cast<std::size_t>(in.gcount())));
  }
  if (!in.eof()) throw Failure(Error::permanent("journal.failed", path + " cannot be read"));
  return to_hex(digest.finish());
}

Result<BackupReport> backup_journal(const StoreSettings& settings, const std::string& folder) {
  return with_journal(settings, [&](OpenedJournal& journal) {
    BackupReport report;
    report.folder = folder;
    report.made = settings.clock->now();
    make_folders(folder);
    const std::string database = folder + "/journal.db";
    copy_database(journal.connection, database);
    Connection copy(database, false);
    const std::vector<ContentRow> rows = content_rows(copy);
    report.messages =
        static_cast<std::uint64_t>(copy.number("select count(*) from messages").value_or(0));
    report.content_files = rows.size();
    report.bytes =
        copy_contents(rows, settings.folder, folder, moved_on()) + files::file_size(database);
    write_manifest(report, settings.master_key_id, digest_of_file(database));
    return report;
  });
}

}  // namespace certbridge::host

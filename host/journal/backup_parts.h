// What making and using a backup have in common. Everything throws Failure.
#pragma once

#include <string>
#include <vector>

#include "journal/maintenance.h"
#include "journal/maintenance_parts.h"

namespace certbridge::host {

struct BackupManifest {
  BackupReport report{};
  std::string master_key_id{};
  std::string database_digest{};  // SM3, hexadecimal
};

// Written last, and synced: a folder without it is no backup.
void write_manifest(const BackupReport& report, const std::string& master_key_id,
                    const std::string& database_digest);
BackupManifest read_manifest(const std::string& folder);

void sync_file(const std::string& path);
std::vector<ContentRow> content_rows(Connection& connection);
// Copies the files into the same buckets and syncs them; answers their bytes. Fails with `missing`
// when one is not there.
std::uint64_t copy_contents(const std::vector<ContentRow>& rows, const std::string& from,
                            const std::string& to, const Error& missing);
std::string digest_of_file(const std::string& path);

}  // namespace certbridge::host

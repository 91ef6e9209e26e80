#include "journal/maintenance_parts.h"

#include <sys/stat.h>

#include <array>

#include "certbridge/text.h"
#include "journal/content_file.h"

namespace certbridge::host {

std::unique_ptr<OpenedJournal> open_for_maintenance(const StoreSettings& settings) {
  const std::string file = settings.folder + "/journal.db";
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) {
    throw Failure(Error::permanent("journal.not_there", settings.folder + " holds no journal"));
  }
  Suite suite{};
  if (!parse_suite(settings.cipher, suite)) {
    throw Failure(Error::fault("journal.cipher", "\"" + settings.cipher + "\" is no encryption"));
  }
  auto keys = std::make_shared<Keyring>(settings.master_key, settings.master_key_id, suite);
  const auto nowhere = [](const std::string&) { return std::string(); };
  auto journal = std::unique_ptr<OpenedJournal>(
      new OpenedJournal{Connection(file, false), keys, ContentStore(settings.folder, keys, nowhere),
                        settings.folder});
  configure_connection(journal->connection, false);
  check_schema(journal->connection);
  keys->load(journal->connection);
  return journal;
}

std::string content_path(const std::string& folder, const ContentRow& row) {
  return folder + "/content/" + row.bucket + "/" + to_hex_text(row.name);
}

std::uint64_t read_content_file(OpenedJournal& journal, const ContentRow& row) {
  ContentPlace place;
  place.name = row.name;
  place.size = static_cast<std::uint64_t>(row.size);
  const FileContent content(journal.keys, content_path(journal.folder, row), place);
  std::array<std::byte, kContentChunk> buffer{};
  std::uint64_t read = 0;
  do {  // once also for no bytes: the trailer is checked
    const auto got = content.read(read, buffer);
    if (!got) throw Failure(got.error());
    if (got.value() == 0 && read < place.size) {
      throw Failure(Error::permanent("content.damaged", "the file ends before its size"));
    }
    read += got.value();
  } while (read < place.size);
  return read;
}

}  // namespace certbridge::host

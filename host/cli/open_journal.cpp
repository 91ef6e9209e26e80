#include "cli/open_journal.h"

#include "cli/exit_codes.h"
#include "cli/journal_settings.h"

namespace certbridge::host {

std::optional<int> open_journal(const Arguments& arguments, Screen& problems,
                                OpenJournal& journal) {
  StoreSettings settings;
  if (const auto code = journal_settings(arguments, problems, journal.clock, settings)) return code;
  settings.read_only = true;
  Result<std::unique_ptr<Store>> store = open_sqlite_store(settings);
  if (!store) {
    problems.line(
        "the journal in " + settings.folder + " cannot be opened: " + store.error().message +
            "; `certbridge run` makes it at its first start, and " + "only its user may read it",
        Tone::kBad);
    return kExitJournal;
  }
  journal.store = std::move(store).value();
  return {};
}

}  // namespace certbridge::host

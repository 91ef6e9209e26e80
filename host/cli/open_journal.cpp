#include "cli/open_journal.h"

#include "cli/commands.h"
#include "cli/exit_codes.h"

namespace certbridge::host {

std::optional<int> open_journal(const Arguments& arguments, Screen& problems,
                                OpenJournal& journal) {
  const LoadedConfiguration loaded = load_configuration(arguments.configuration);
  if (!loaded.ok()) {
    show_errors(loaded, problems);
    return kExitConfiguration;
  }
  const std::string& key_name = loaded.configuration.master_key_secret;
  const Result<std::string> secret = loaded.secrets.value(key_name);
  const auto key = parse_sm3_digest(secret.ok() ? secret.value() : "");
  if (!key) {
    problems.line("the secret " + key_name + " must be 64 hexadecimal characters", Tone::kBad);
    return kExitJournal;
  }
  StoreSettings settings;
  settings.folder = loaded.configuration.data_folder;
  settings.master_key.assign(key.value().begin(), key.value().end());
  settings.master_key_id = loaded.configuration.master_key_secret;
  settings.read_only = true;
  settings.clock = &journal.clock;
  Result<std::unique_ptr<Store>> store = open_sqlite_store(settings);
  if (!store) {
    problems.line("the journal cannot be opened: " + store.error().message, Tone::kBad);
    return kExitJournal;
  }
  journal.store = std::move(store).value();
  return {};
}

}  // namespace certbridge::host

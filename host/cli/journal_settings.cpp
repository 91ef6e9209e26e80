#include "cli/journal_settings.h"

#include "cli/commands.h"
#include "cli/exit_codes.h"

namespace certbridge::host {

std::optional<int> journal_settings(const Arguments& arguments, Screen& problems,
                                    const Clock& clock, StoreSettings& settings) {
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
  settings.folder = loaded.configuration.data_folder;
  settings.master_key.assign(key.value().begin(), key.value().end());
  settings.master_key_id = key_name;
  settings.cipher = loaded.configuration.journal.cipher;
  settings.clock = &clock;
  return {};
}

int journal_failed(const Error& error, Screen& problems) {
  problems.line(error.message, Tone::kBad);
  return error.code == "journal.no_such_message" ? kExitNotFound : kExitJournal;
}

}  // namespace certbridge::host

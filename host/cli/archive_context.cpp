#include "cli/archive_context.h"

#include "cli/access_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "query/access_settings.h"

namespace certbridge::host {

std::optional<int> archive_context(const Arguments& arguments, Screen& problems,
                                   ArchiveContext& context) {
  const LoadedConfiguration loaded = load_configuration(arguments.configuration);
  if (!loaded.ok()) {
    show_errors(loaded, problems);
    return kExitConfiguration;
  }
  if (!loaded.configuration.archive.given) {
    problems.line("the configuration has no <archive>: nothing is kept and nothing is sealed",
                  Tone::kBad);
    return kExitNotFound;
  }
  const auto secret = [&loaded](const std::string& name) { return loaded.secrets.value(name); };
  context.access = access_settings(loaded.configuration, secret, context.clock);
  context.kept = kept_settings(loaded.configuration, secret, context.clock);
  auto key = sealing_key(loaded.configuration, secret);
  if (!key) return access_failed(key.error(), problems);
  context.key = std::move(key).value();
  return {};
}

}  // namespace certbridge::host

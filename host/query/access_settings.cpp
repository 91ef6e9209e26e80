#include "query/access_settings.h"

#include "archive/archive_settings.h"

namespace certbridge::host {

AccessLogSettings access_settings(
    const Configuration& configuration,
    const std::function<Result<std::string>(const std::string& name)>& secret, const Clock& clock) {
  AccessLogSettings settings;
  settings.folder = configuration.access.folder;
  settings.anchor_folder = configuration.access.anchor_folder;
  settings.node = configuration.node;
  settings.signing_key = key_bytes(secret(configuration.access.key_secret));
  settings.master_key = key_bytes(secret(configuration.master_key_secret));
  parse_suite(configuration.journal.cipher, settings.suite);
  settings.clock = &clock;
  return settings;
}

}  // namespace certbridge::host

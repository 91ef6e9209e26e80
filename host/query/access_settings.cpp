#include "query/access_settings.h"

namespace certbridge::host {
namespace {

// Of 64 hexadecimal characters, which the configuration was checked for; else nothing.
std::string bytes_of(const Result<std::string>& hex) {
  const auto bytes = parse_sm3_digest(hex.ok() ? hex.value() : "");
  return bytes.ok() ? std::string(bytes.value().begin(), bytes.value().end()) : std::string();
}

}  // namespace

AccessLogSettings access_settings(
    const Configuration& configuration,
    const std::function<Result<std::string>(const std::string& name)>& secret, const Clock& clock) {
  AccessLogSettings settings;
  settings.folder = configuration.access.folder;
  settings.anchor_folder = configuration.access.anchor_folder;
  settings.node = configuration.node;
  settings.signing_key = bytes_of(secret(configuration.access.key_secret));
  settings.master_key = bytes_of(secret(configuration.master_key_secret));
  parse_suite(configuration.journal.cipher, settings.suite);
  settings.clock = &clock;
  return settings;
}

}  // namespace certbridge::host

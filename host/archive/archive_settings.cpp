#include "archive/archive_settings.h"

namespace certbridge::host {

std::string key_bytes(const Result<std::string>& hex) {
  const auto bytes = parse_sm3_digest(hex.ok() ? hex.value() : "");
  return bytes.ok() ? std::string(bytes.value().begin(), bytes.value().end()) : std::string();
}

KeptUsesSettings kept_settings(const Configuration& configuration, const SecretNamed& secret,
                               const Clock& clock) {
  KeptUsesSettings settings;
  settings.folder = configuration.archive.folder;
  settings.keep = std::chrono::days(configuration.archive.keep_days);
  settings.largest_case = configuration.archive.largest_case;
  settings.clock = &clock;
  parse_suite(configuration.journal.cipher, settings.suite);
  settings.master_key = key_bytes(secret(configuration.master_key_secret));
  return settings;
}

Result<SignatureKey> sealing_key(const Configuration& configuration, const SecretNamed& secret) {
  return SignatureKey::from_bytes(key_bytes(secret(configuration.archive.key_secret)));
}

}  // namespace certbridge::host

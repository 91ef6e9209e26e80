#include "cli/access_context.h"

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "config/document.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestKey = 64 * 1024;

// Of 64 hexadecimal characters, which the configuration was checked for; else nothing.
std::string bytes_of_secret(const LoadedConfiguration& loaded, const std::string& name) {
  const Result<std::string> hex = loaded.secrets.value(name);
  const auto bytes = parse_sm3_digest(hex.ok() ? hex.value() : "");
  return bytes.ok() ? std::string(bytes.value().begin(), bytes.value().end()) : std::string();
}

}  // namespace

std::optional<int> access_context(const Arguments& arguments, Screen& problems,
                                  AccessContext& context) {
  const LoadedConfiguration loaded = load_configuration(arguments.configuration);
  if (!loaded.ok()) {
    show_errors(loaded, problems);
    return kExitConfiguration;
  }
  const AccessConfig& access = loaded.configuration.access;
  if (!access.given) {
    problems.line("the configuration has no <access>: no access is recorded", Tone::kBad);
    return kExitNotFound;
  }
  AccessLogSettings& settings = context.settings;
  settings.folder = access.folder;
  settings.anchor_folder = access.anchor_folder;
  settings.node = loaded.configuration.node;
  settings.signing_key = bytes_of_secret(loaded, access.key_secret);
  settings.master_key = bytes_of_secret(loaded, loaded.configuration.master_key_secret);
  parse_suite(loaded.configuration.journal.cipher, settings.suite);
  settings.clock = &context.clock;
  context.retention_years = access.retention_years;
  auto key = SignatureKey::from_bytes(settings.signing_key);
  if (!key) return access_failed(key.error(), problems);
  context.key = std::move(key).value();
  return {};
}

int access_failed(const Error& error, Screen& problems) {
  problems.line(error.message + " (" + error.code + ")", Tone::kBad);
  if (error.code == "access.key" || error.code == "access.wrong_key") return kExitConfiguration;
  if (error.code == "access.altered" || error.code == "access.damaged") return kExitFindings;
  if (error.severity == Severity::kPermanent) return kExitNotFound;
  return kExitJournal;
}

std::optional<std::vector<CheckingKey>> read_public_keys(const std::vector<std::string>& files,
                                                         Screen& problems) {
  std::vector<CheckingKey> keys;
  for (const std::string& file : files) {
    const Result<std::string> pem = read_file(file, kLargestKey);
    const Result<CheckingKey> key =
        pem.ok() ? CheckingKey::from_pem(pem.value()) : Result<CheckingKey>(pem.error());
    if (!key) {
      problems.line(file + ": " + key.error().message, Tone::kBad);
      return {};
    }
    keys.push_back(key.value());
  }
  return keys;
}

}  // namespace certbridge::host

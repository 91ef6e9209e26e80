#include "cli/access_context.h"

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "config/document.h"
#include "query/access_settings.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestKey = 64UL * 1024;

}  // namespace

std::optional<int> access_context(const Arguments& arguments, Screen& problems,
                                  AccessContext& context) {
  if (const auto code = load_for_access(arguments, problems, context)) return code;
  return open_access_context(problems, context);
}

std::optional<int> load_for_access(const Arguments& arguments, Screen& problems,
                                   AccessContext& context) {
  context.loaded = load_configuration(arguments.configuration);
  if (context.loaded.ok()) return {};
  show_errors(context.loaded, problems);
  return kExitConfiguration;
}

std::optional<int> open_access_context(Screen& problems, AccessContext& context) {
  const LoadedConfiguration& loaded = context.loaded;
  const AccessConfig& access = loaded.configuration.access;
  if (!access.given) {
    problems.line("the configuration has no <access>: no access is recorded", Tone::kBad);
    return kExitNotFound;
  }
  context.settings = access_settings(
      loaded.configuration,
      [&loaded](const std::string& name) { return loaded.secrets.value(name); }, context.clock);
  context.retention_years = access.retention_years;
  auto key = SignatureKey::from_bytes(context.settings.signing_key);
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

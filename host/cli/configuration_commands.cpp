#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <set>

#include "cli/ask_endpoint.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "engine/run.h"
#include "observe/clock.h"
#include "operate/attach.h"
#include "plugins/library.h"
#include "query/attach.h"

namespace certbridge::host {
namespace {

constexpr int kHeaps = 2;

std::string pinned_digest(const Configuration& configuration, const std::string& name) {
  for (const PluginPin& pin : configuration.pins) {
    if (pin.name == name) return pin.sha256;
  }
  return {};
}

// What speaks against a plugin: its manifest, or its library at the door; empty when nothing does.
std::string verdict_of(const CatalogueEntry& entry, const Configuration& configuration) {
  if (!entry.verdict.empty()) return entry.verdict;
  const Result<void> door =
      inspect_plugin(*entry.manifest, pinned_digest(configuration, entry.manifest->name));
  return door.ok() ? std::string() : door.error().message;
}

std::string kinds_of(const Manifest& manifest) {
  std::string text;
  for (const KindManifest& kind : manifest.makes) {
    if (!text.empty()) text += ", ";
    text += kind.kind + " (" + to_text(kind.as) + ")";
  }
  return text;
}

// Keys and certificates are in this process's memory: none of it is written out when it crashes,
// neither to a file (the limit) nor to a program that collects dumps (which heeds no limit).
void forbid_core_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // the leak sanitizer must look into its own process
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

int check_libraries(const LoadedConfiguration& loaded, Screen& problems) {
  std::set<std::string> used;
  for (const EndpointConfig& endpoint : loaded.configuration.endpoints)
    used.insert(endpoint.plugin);
  int refused = 0;
  for (const std::string& name : used) {
    const CatalogueEntry* entry = loaded.catalogue.entry(name);
    const std::string verdict =
        entry == nullptr ? "missing" : verdict_of(*entry, loaded.configuration);
    if (verdict.empty()) continue;
    problems.line("plugin " + name + ": " + verdict, Tone::kBad);
    ++refused;
  }
  return refused;
}

// Makes each endpoint as a start does, and starts none: what is wrong in a file that only its
// plugin reads (a mapping, a dialect, a patch) is found here, and no counterpart is asked.
int check_endpoints(const LoadedConfiguration& loaded, Screen& problems) {
  const SystemClock clock;
  const auto endpoints = make_endpoints(loaded.configuration, services_of(loaded, clock));
  int refused = 0;
  for (const EndpointStatus& endpoint : endpoints->status()) {
    if (endpoint.health == EndpointHealth::kUp) continue;
    problems.line("endpoint " + endpoint.name + ": " + endpoint.reason, Tone::kBad);
    ++refused;
  }
  return refused;
}

}  // namespace

void show_errors(const LoadedConfiguration& loaded, Screen& problems) {
  for (const ConfigurationError& error : loaded.errors) problems.line(to_text(error), Tone::kBad);
  const std::size_t count = loaded.errors.size();
  problems.line(std::to_string(count) + (count == 1 ? " error" : " errors"));
}

int check_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const LoadedConfiguration loaded = load_configuration(arguments.configuration);
  if (!loaded.ok()) {
    show_errors(loaded, problems);
    return kExitFindings;
  }
  for (const std::string& warning : loaded.configuration.warnings) out.line("warning: " + warning);
  for (const UpwardLine& line : loaded.configuration.upward) {
    out.line("upward line " + line.name + ": " + (line.on ? "on" : "off"));
  }
  if (check_libraries(loaded, problems) > 0) return kExitFindings;
  if (check_endpoints(loaded, problems) > 0) return kExitFindings;
  out.line(arguments.configuration.file + ": in order; " +
               std::to_string(loaded.configuration.endpoints.size()) + " endpoints, " +
               std::to_string(loaded.configuration.routes.size()) + " routes, " +
               std::to_string(loaded.configuration.issuers.all().size()) +
               " issuers, environment " + loaded.configuration.environment,
           Tone::kGood);
  return kExitOk;
}

int plugins_command(const Arguments& arguments, Screen& out) {
  // A configuration that is refused elsewhere still says where plugins lie and what is pinned.
  const LoadedConfiguration loaded = load_configuration(arguments.configuration);
  if (!loaded.catalogue.problem.empty()) {
    out.line(
        "the folder " + loaded.catalogue.folder + " cannot be read: " + loaded.catalogue.problem,
        Tone::kBad);
    return kExitNotFound;
  }
  std::vector<std::vector<std::string>> rows{
      {"plugin", "version", "tier", "posture", "makes", "verdict"}};
  bool findings = false;
  for (const CatalogueEntry& entry : loaded.catalogue.entries) {
    const std::string verdict = verdict_of(entry, loaded.configuration);
    findings = findings || !verdict.empty();
    const std::string shown = verdict.empty() ? "ok" : verdict;
    if (!entry.manifest) {
      rows.push_back({entry.folder.substr(entry.folder.rfind('/') + 1), "", "", "", "", shown});
      continue;
    }
    const Manifest& manifest = *entry.manifest;
    rows.push_back({manifest.name, manifest.version, manifest.tier, manifest.posture,
                    kinds_of(manifest), shown});
  }
  out.table(rows);
  out.line("from " + loaded.catalogue.folder, Tone::kQuiet);
  return findings ? kExitFindings : kExitOk;
}

int run_command(const Arguments& arguments, Screen& problems) {
  // Most threads only wait: without this each keeps a heap of its own.
  mallopt(M_ARENA_MAX, kHeaps);
  LoadedConfiguration loaded = load_configuration(arguments.configuration);
  if (!loaded.ok()) {
    show_errors(loaded, problems);
    return kExitConfiguration;
  }
  RunSettings settings;
  settings.configuration = std::move(loaded.configuration);
  const auto access = std::make_shared<AccessOfHost>();
  settings.secret = [secrets = std::move(loaded.secrets)](const std::string& name) {
    return secrets.value(name);
  };
  // In this order: what people do with the running host needs its access records.
  settings.attach = {[secret = settings.secret, access](const EngineServices& services) {
                       return attach_queries(services, secret, *access);
                     },
                     [secret = settings.secret, access](const EngineServices& services) {
                       return attach_operations(services, secret, *access);
                     }};
  settings.ready_file = arguments.ready_file;
  forbid_core_dumps();
  return run_host(std::move(settings));
}

}  // namespace certbridge::host

// certbridge archive verify, public-key: what an archive needs, without a running host.
#include <fstream>

#include "archive/verify_package.h"
#include "cli/access_context.h"
#include "cli/archive_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

void show_finding(const PackageFinding& finding, Screen& problems) {
  const std::string place = finding.path.empty() ? "package" : finding.path;
  problems.line(place + " at " + std::to_string(finding.at) + ": " + finding.what, Tone::kBad);
}

void show_manifest(const PackageManifest& manifest, Screen& out) {
  out.line(to_text(manifest.kind) + " " + manifest.subject + ", made by " + manifest.node + " at " +
               to_iso8601(manifest.made) + ", access record " + std::to_string(manifest.record),
           Tone::kTitle);
  out.line(std::to_string(manifest.files.size()) + " files");
}

}  // namespace

int archive_verify_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const auto keys = read_public_keys(arguments.public_keys, problems);
  if (!keys) return kExitNotFound;
  std::ifstream package(arguments.file, std::ios::binary);
  if (!package) {
    problems.line("cannot read " + arguments.file, Tone::kBad);
    return kExitNotFound;
  }
  const PackageVerification verified = verify_package(package, *keys);
  for (const PackageFinding& finding : verified.findings) show_finding(finding, problems);
  if (verified.manifest) show_manifest(*verified.manifest, out);
  out.line(verified.ok() ? "nothing was changed" : "NOT as it was sealed",
           verified.ok() ? Tone::kGood : Tone::kBad);
  return verified.ok() ? kExitOk : kExitFindings;
}

int archive_public_key_command(const Arguments& arguments, Screen& out, Screen& problems) {
  ArchiveContext context;
  if (const auto code = archive_context(arguments, problems, context)) return *code;
  std::string pem = context.key->public_key().to_pem();
  if (pem.ends_with('\n')) pem.pop_back();
  out.line(pem);
  return kExitOk;
}

}  // namespace certbridge::host

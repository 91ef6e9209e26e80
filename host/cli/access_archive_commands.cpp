// certbridge access renew, archive, import, remove: closed segments signed anew, copied and laid
// back.
#include "access/records/archive.h"

#include "access/records/renewal.h"
#include "cli/access_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

// Those given, for what an earlier key signed, and the configuration's own.
std::optional<std::vector<CheckingKey>> all_keys(const Arguments& arguments,
                                                 const AccessContext& context, Screen& problems) {
  auto keys = read_public_keys(arguments.public_keys, problems);
  if (keys) keys->push_back(context.key->public_key());
  return keys;
}

int show(const Result<ArchiveReport>& report, const std::string& what, Screen& out,
         Screen& problems) {
  if (!report) return access_failed(report.error(), problems);
  for (const std::string& segment : report.value().segments) out.line(segment);
  out.line(std::to_string(report.value().segments.size()) + " segments, " +
               std::to_string(report.value().bytes) + " bytes, " + what,
           Tone::kGood);
  return kExitOk;
}

}  // namespace

int access_renew_command(const Arguments& arguments, Screen& out, Screen& problems) {
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  try {
    const std::string file = make_renewal(SegmentFolder(context.settings.folder),
                                          context.settings.node, context.clock.now(), *context.key);
    out.line("all closed segments are signed anew in " + file, Tone::kGood);
    return kExitOk;
  } catch (const Failure& failure) {
    return access_failed(failure.error(), problems);
  }
}

int access_archive_command(const Arguments& arguments, Screen& out, Screen& problems) {
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  const auto keys = all_keys(arguments, context, problems);
  if (!keys) return kExitNotFound;
  return show(archive_access_log(context.settings.folder, arguments.folder, context.settings.node,
                                 context.clock.now(), *context.key, *keys),
              "are in " + arguments.folder, out, problems);
}

int access_import_command(const Arguments& arguments, Screen& out, Screen& problems) {
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  const auto keys = all_keys(arguments, context, problems);
  if (!keys) return kExitNotFound;
  return show(import_access_archive(arguments.folder, context.settings.folder, *keys),
              "were laid back", out, problems);
}

int access_remove_command(const Arguments& arguments, Screen& out, Screen& problems) {
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  const auto keys = all_keys(arguments, context, problems);
  if (!keys) return kExitNotFound;
  return show(remove_archived_segments(context.settings.folder, arguments.folder,
                                       context.retention_years, context.clock.now(), *keys),
              "older than " + std::to_string(context.retention_years) + " years, were removed", out,
              problems);
}

}  // namespace certbridge::host

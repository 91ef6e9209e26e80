// certbridge access verify, public-key: what an auditor needs, without a running host.
#include "access/records/verify_log.h"
#include "cli/access_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

void show_findings(const AccessVerification& verified, Screen& out, Screen& problems) {
  for (const AccessFinding& finding : verified.findings) {
    problems.line(finding.file + " at " + std::to_string(finding.at) + ": " + finding.what,
                  Tone::kBad);
  }
  if (verified.more_findings > 0) {
    problems.line("and " + std::to_string(verified.more_findings) + " more", Tone::kBad);
  }
  for (const std::string& remark : verified.remarks) out.line(remark, Tone::kQuiet);
}

void show_summary(const AccessVerification& verified, Screen& out) {
  out.line("read " + std::to_string(verified.records) + " records in " +
           std::to_string(verified.frames) + " frames, " + std::to_string(verified.segments) +
           " segments and " + std::to_string(verified.checkpoints) + " checkpoints");
  const std::string until =
      verified.signed_number == 0 ? "" : ", " + to_iso8601(verified.signed_until);
  out.line("signed up to frame " + std::to_string(verified.signed_number) + until);
  if (verified.unsigned_frames > 0) {
    out.line("unsigned: the last " + std::to_string(verified.unsigned_frames) + " frames");
  }
  out.line(verified.anchors == 0
               ? std::string("no anchor was compared: what is missing at the end is not found")
               : "anchored up to frame " + std::to_string(verified.anchored_number) + ", " +
                     std::to_string(verified.anchors) + " anchors compared");
}

}  // namespace

int access_verify_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const auto keys = read_public_keys(arguments.public_keys, problems);
  if (!keys) return kExitNotFound;
  const auto verified = verify_access_log(arguments.folder, *keys, arguments.anchors);
  if (!verified) {
    problems.line(verified.error().message, Tone::kBad);
    return kExitNotFound;
  }
  show_findings(verified.value(), out, problems);
  show_summary(verified.value(), out);
  const bool ok = verified.value().ok();
  out.line(ok ? "nothing was changed" : "NOT as it was written", ok ? Tone::kGood : Tone::kBad);
  return ok ? kExitOk : kExitFindings;
}

int access_public_key_command(const Arguments& arguments, Screen& out, Screen& problems) {
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  std::string pem = context.key->public_key().to_pem();
  if (pem.ends_with('\n')) pem.pop_back();
  out.line(pem);
  return kExitOk;
}

}  // namespace certbridge::host

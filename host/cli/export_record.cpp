#include "cli/export_record.h"

#include <pwd.h>
#include <unistd.h>

#include "certbridge/identifiers.h"

namespace certbridge::host {
namespace {

std::string acting_user() {
  const passwd* user = ::getpwuid(::geteuid());
  return user == nullptr ? std::to_string(::geteuid()) : user->pw_name;
}

}  // namespace

Result<AccessPlace> record_export(const ExportWanted& wanted, const ArchiveContext& context) {
  auto log = AccessLog::open(context.access);
  if (!log) return log.error();
  AccessRecord record;
  record.kind = AccessKind::kExport;
  record.trace_id = "command";
  record.system = "certbridge";
  record.person = acting_user();
  record.role = "archivist";
  record.purpose = wanted.purpose;
  record.ground_kind = wanted.case_no.empty() ? "" : "case";
  record.ground = wanted.case_no;
  record.certificate_number = normalise_certificate_number(wanted.certificate);
  record.decision = AccessDecision::kAllowed;
  record.code = "operator";
  record.result = "exported";
  record.disclosed = {"archive"};
  record.asked = record.decided = context.clock.now();
  return log.value()->append(record);
}

}  // namespace certbridge::host

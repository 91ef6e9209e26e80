// Whoever takes data out of the host leaves a record of it first.
#pragma once

#include <string>

#include "cli/archive_context.h"

namespace certbridge::host {

struct ExportWanted {
  std::string purpose{};      // "archive-case", "certificate-dossier"
  std::string case_no{};      // empty: of no case
  std::string certificate{};  // number; empty: of no certificate
};

// The one place where it is decided who may take this out: whoever may use the keys of the
// configuration may. Durable when it returns. "access.in_use" while a host writes the log.
Result<AccessPlace> record_export(const ExportWanted& wanted, const ArchiveContext& context);

}  // namespace certbridge::host

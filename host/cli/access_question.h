// Which access records a command is about.
#pragma once

#include <memory>
#include <optional>

#include "access/records/access_index.h"
#include "cli/access_context.h"

namespace certbridge::host {

// --person, --holder, --certificate, --case, --from, --until, --limit, --before. Personal values
// are read where `-` or `@FILE` says so, and then stand in `arguments`. An exit code, with the
// reason among the problems, when something cannot be read.
std::optional<int> read_question(Arguments& arguments, AccessQuestion& question, Screen& problems);

// The index with what was recorded up to now; a running host fills it by itself.
Result<std::unique_ptr<AccessIndex>> filled_index(const AccessContext& context);

}  // namespace certbridge::host

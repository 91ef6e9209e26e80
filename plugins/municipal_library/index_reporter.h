// The kind `index`: tells a platform over HTTP of the certificates that are in force, entry by
// entry.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::municipal_library {

// Errors: those of read_caller_settings(); "municipal.option" for a dialect without an index.
Result<std::unique_ptr<Sink>> make_index_reporter(Context& context);

}  // namespace certbridge::municipal_library

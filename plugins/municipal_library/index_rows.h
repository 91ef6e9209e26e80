// The kind `index-rows`: tells a platform of certificates by rows of a front-end table (前置库),
// which it works off later; what it refuses it writes into a table of errors.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::municipal_library {

// Errors: those of the dialect file; "municipal.option" for a dialect without rows of tables.
Result<std::unique_ptr<Sink>> make_index_rows(Context& context);

}  // namespace certbridge::municipal_library

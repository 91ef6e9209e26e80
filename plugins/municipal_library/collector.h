// The sink of kind "collector": certificates into a municipal library, and out of force there.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::municipal_library {

// Errors: those of the options, of parse_dialect(), "municipal.keys" and "municipal.option".
Result<std::unique_ptr<Sink>> make_collector(Context& context);

}  // namespace certbridge::municipal_library

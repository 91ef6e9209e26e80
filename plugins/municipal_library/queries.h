// The responder of kind "queries": what the library has of a holder or under a number, its files,
// and whether a file is what its issuer issued (certbridge/query.h).
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::municipal_library {

// Errors: those of read_caller_settings() and read_addresses().
Result<std::unique_ptr<Responder>> make_queries(Context& context);

}  // namespace certbridge::municipal_library

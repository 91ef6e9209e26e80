// What every component that calls the library takes from its options.
#pragma once

#include "caller.h"
#include "certbridge/context.h"

namespace certbridge::municipal_library {

// The file of the option "dialect". Errors: those of parse_dialect(), "municipal.option".
Result<Dialect> read_dialect(const Config& config);

// Errors: those of the options, of parse_dialect(), "municipal.keys" and "municipal.option".
Result<CallerSettings> read_caller_settings(const Config& config);

// From OpenSSL; throws std::runtime_error when it gives none.
std::string random_bytes(std::size_t count);

}  // namespace certbridge::municipal_library

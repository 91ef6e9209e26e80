// The source of kind "server": events and verdicts that are posted to us.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::http {

// Errors: those of the options and of parse_envelope(), "http.option".
Result<std::unique_ptr<Source>> make_server(Context& context);

}  // namespace certbridge::http

// The responder of kind "client": requests of docs/messages.md, section 4, over HTTP.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::http {

// Errors: those of the options at make time; "http.*" as plugin.xml declares them.
Result<std::unique_ptr<Responder>> make_client(Context& context);

}  // namespace certbridge::http

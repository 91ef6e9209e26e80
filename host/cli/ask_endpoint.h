// Asks one endpoint of the configuration by itself, beside a running host or without one.
#pragma once

#include <string>

#include "certbridge/message.h"
#include "config/loader.h"
#include "plugins/endpoints.h"

namespace certbridge::host {

// What a command offers endpoints beside the journal: issuers, environment and secrets. Both
// arguments outlive the endpoints.
HostServices services_of(const LoadedConfiguration& loaded, const Clock& clock);

// Opens the endpoint and what is lent to it, and nothing else; a minute at most. The answer is a
// copy with headers, media type and body (64 MB at most): "answer.empty" when it has none. The
// endpoint's codes. `name` is a responder of the configuration.
Result<Message> ask_endpoint(const LoadedConfiguration& loaded, const std::string& name,
                             const Message& question);

// The same of the first endpoint of this plugin and kind; "config.no_endpoint" when there is none.
Result<Message> ask_kind(const LoadedConfiguration& loaded, const std::string& plugin,
                         const std::string& kind, const Message& question);

// What a command ends with after this error of an endpoint.
int exit_code_of(const Error& error);

}  // namespace certbridge::host

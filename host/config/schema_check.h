// Holds a document against a schema while it is read, so that every error has line and column.
#pragma once

#include <string>
#include <string_view>

#include "config/configuration_error.h"
#include "config/schemas.h"

namespace certbridge::host {

// `bytes` were already read by parse_xml: well-formed, no document type, bounded.
void check_against_schema(std::string_view bytes, const std::string& file, SchemaName schema,
                          ConfigurationErrors& errors);

}  // namespace certbridge::host

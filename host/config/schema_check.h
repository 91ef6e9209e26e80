// Holds a document against a schema while it is read, so that every error has line and column.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/xml.h"
#include "config/configuration_error.h"
#include "config/schemas.h"

namespace certbridge::host {

// `document` is what parse_xml made of `bytes`: well-formed, no document type, bounded.
void check_against_schema(std::string_view bytes, const XmlElement& document,
                          const std::string& file, SchemaName schema, ConfigurationErrors& errors);

}  // namespace certbridge::host

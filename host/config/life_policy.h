// Reads life.xml.
#pragma once

#include <string>

#include "certbridge/xml.h"
#include "config/configuration_error.h"

namespace certbridge::host {

// The document has passed its schema. What is left to refuse is appended to `errors`: an area that
// stands twice, no line for everywhere.
LifePolicy read_life_policy(const XmlElement& root, const std::string& file,
                            ConfigurationErrors& errors);

}  // namespace certbridge::host

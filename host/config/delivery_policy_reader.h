// Reads what a configuration says of when and how fast an endpoint is delivered to.
#pragma once

#include "certbridge/xml.h"
#include "config/configuration_error.h"
#include "config/model.h"

namespace certbridge::host {

// `endpoint` fits its schema. What the schema cannot say is appended to `errors`: days that do not
// exist, windows that end before they begin.
DeliveryPolicy read_delivery_policy(const XmlElement& endpoint, const std::string& file,
                                    ConfigurationErrors& errors);

}  // namespace certbridge::host

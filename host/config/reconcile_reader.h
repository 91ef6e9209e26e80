// Reads <reconcile>, and holds it against the endpoints.
#pragma once

#include "certbridge/xml.h"
#include "config/configuration_error.h"
#include "config/model.h"

namespace certbridge::host {

// `element` fits its schema. Windows that make no sense and a time limit that the command line
// would not wait for are appended to `errors`.
ReconcileConfig read_reconcile(const XmlElement& element, const std::string& file,
                               ConfigurationErrors& errors);

}  // namespace certbridge::host

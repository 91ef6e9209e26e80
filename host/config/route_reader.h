// A route file as values: what the schema has let through, endpoints not looked up yet.
#pragma once

#include <string>

#include "certbridge/xml.h"
#include "config/model.h"

namespace certbridge::host {

// `configuration_folder`: rules of <validate> are relative to it. A step without a name is called
// by its endpoint, or by its element's name with "-2", "-3" for the following ones.
RouteConfig read_route(const XmlElement& root, const std::string& file,
                       const std::string& configuration_folder);

}  // namespace certbridge::host

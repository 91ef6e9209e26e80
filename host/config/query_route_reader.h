// A query route file as values: what the schema has let through, endpoints not looked up yet.
#pragma once

#include <string>

#include "certbridge/xml.h"
#include "config/queries_config.h"

namespace certbridge::host {

QueryRouteConfig read_query_route(const XmlElement& root, const std::string& file);

}  // namespace certbridge::host

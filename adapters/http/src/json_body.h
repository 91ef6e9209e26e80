// The body of a posted request as one JSON object.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::http {

// "http.encoding": not UTF-8, or with control characters. "http.json": not one JSON object, nested
// too deeply, or with a member twice in one object, which two readers could read differently. The
// messages tell the place and never a value.
Result<boost::json::object> parse_json_object(std::string_view body);

}  // namespace certbridge::http

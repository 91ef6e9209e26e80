// Access records as packages show them: all of a record, also what is personal.
#pragma once

#include "access/records/access_record.h"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace certbridge::host {

// Without inputs and digest of what left, which say nothing to people.
boost::json::object record_json(const AccessPlace& place, const AccessRecord& record);
// Of what record_json() wrote; throws std::exception for anything else.
void read_record_json(const boost::json::object& json, AccessPlace& place, AccessRecord& record);

}  // namespace certbridge::host

// What is not there because its line to the province is off.
#pragma once

#include "config/model.h"

namespace certbridge::host {

// Leaves out the endpoints of lines that are off, the deliveries to them, the deliveries that wait
// for nothing but those, routes that would deliver nothing else, and the endpoints that only these
// routes and endpoints name.
void leave_out_lines(Configuration& configuration);

}  // namespace certbridge::host

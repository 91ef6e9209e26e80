// Reads <upward> and makes it so: what a line that is off would tell is not told.
#pragma once

#include "certbridge/xml.h"
#include "config/checks.h"

namespace certbridge::host {

// The element fits its schema.
std::vector<UpwardLine> read_upward(const XmlElement& element, const std::string& file);

// Refuses lines that contradict each other or name what is not there. Leaves out the endpoints of
// lines that are off, what is lent to them alone, the deliveries to them, the deliveries that wait
// for nothing but those, and routes that would deliver nothing else; adds what a line that is on
// shows to what is compared.
void apply_upward(Configuration& configuration, ConfigurationErrors& errors);

}  // namespace certbridge::host

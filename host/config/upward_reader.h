// Reads <upward> and makes it so: what a line that is off would tell is not told.
#pragma once

#include "certbridge/xml.h"
#include "config/checks.h"

namespace certbridge::host {

// The element fits its schema.
std::vector<UpwardLine> read_upward(const XmlElement& element, const std::string& file);

// Refuses lines that contradict each other or name what is not there. Leaves out what belongs to
// lines that are off (upward_leaving.h); adds what a line that is on shows to what is compared.
void apply_upward(Configuration& configuration, ConfigurationErrors& errors);

}  // namespace certbridge::host

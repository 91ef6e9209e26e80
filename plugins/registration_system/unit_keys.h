// Order keys of real-estate units.
#pragma once

#include <string>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::registration {

// One more unit that the message is about; nothing when it is empty or known.
void add_unit(Message& message, const std::string& unit);
// A message of one certificate is kept in order with its own units, and not with every unit of the
// case that its event names. Without any it keeps those of the event.
void narrow_units(Message& message, const std::vector<std::string>& units);

}  // namespace certbridge::registration

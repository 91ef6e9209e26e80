// A frame of kind kRecord as people read it.
#pragma once

#include <string>

#include "access/records/access_reader.h"
#include "access/records/frame.h"
#include "access/records/personal_parts.h"

namespace certbridge::host {

// Throws Failure of PersonalKeys, and "access.damaged".
ReadAccess opened_access(const std::string& segment, const Frame& frame, const std::string& node,
                         const PersonalKeys& keys);

}  // namespace certbridge::host

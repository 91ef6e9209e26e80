// What a province has otherwise, in a message that is built: before it is validated and signed.
#pragma once

#include "message/document.h"
#include "profile/patch.h"

namespace certbridge::provincial_platform {

// Values and names of the province, on a message that is built: the last change before the text.
// The first setting that fits a place counts. Parts are taken from what was built, not from what
// other settings make of it; where one of them is empty, so is the value and it is left out.
Document transformed(Document document, const Patch& patch);

}  // namespace certbridge::provincial_platform

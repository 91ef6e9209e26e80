// Public keys of assertion issuers as callers.xml has them.
#pragma once

#include <string>
#include <string_view>

#include "access/records/signatures.h"

namespace certbridge::host {

// x and y as 128 lower-case hexadecimal digits. "access.key" when they are no point on the curve.
Result<CheckingKey> key_of_point(std::string_view hex);

}  // namespace certbridge::host

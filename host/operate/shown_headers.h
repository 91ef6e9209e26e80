// Which headers hold no personal data.
#pragma once

#include <string_view>

namespace certbridge::host {

// Every other one is shown by its name and, where that helps, the shape of its value only.
bool may_be_shown(std::string_view header);

}  // namespace certbridge::host

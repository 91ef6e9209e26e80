// A plugin as the host gets it: a library, opened, and asked through its door.
#pragma once

#include <memory>
#include <string>

#include "certbridge/plugin.h"

namespace certbridge::testing {

// Opens the library and makes its Plugin; throws std::runtime_error with the reason when that does
// not work. The library stays open for good, as in the host.
std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> load_plugin(const std::string& library);

}  // namespace certbridge::testing

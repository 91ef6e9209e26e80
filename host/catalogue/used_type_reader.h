// One file of the catalogue.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalogue/used_type.h"
#include "config/configuration_error.h"

namespace certbridge::host {

// Holds the bytes against the schema and reads them. What is left to refuse beyond the schema: a
// code with a wrong check character, a field that stands twice, a field to disclose that there is
// none of.
std::optional<UsedType> read_used_type(std::string_view bytes, const std::string& file,
                                       ConfigurationErrors& errors);

}  // namespace certbridge::host

// Reads the files that operations staff write for the catalogue and the guide.
#pragma once

#include <optional>
#include <string>

#include "catalogue/own_types.h"
#include "catalogue/used_type.h"
#include "certbridge/items.h"
#include "config/configuration_error.h"

namespace certbridge::host {

// Every *.xml of the folder, one type each. What is wrong is appended to `errors`, all of it, with
// file, line and column; then there is no answer. An empty folder, more than 1,000 files and a code
// that two files have are wrong too.
std::optional<UsedTypes> read_used_types(const std::string& folder, ConfigurationErrors& errors);

// Every *.xml of the folder, one type that is issued here each, with its versions. As above.
std::optional<OwnTypes> read_own_types(const std::string& folder, ConfigurationErrors& errors);

// items.xml. A material that can be had electronically has a type of the catalogue.
std::optional<ItemDirectory> read_items(const std::string& file, const UsedTypes& types,
                                        ConfigurationErrors& errors);

}  // namespace certbridge::host

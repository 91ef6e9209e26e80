// certbridge.xml as values: what the schema has let through, not yet held against manifests.
#pragma once

#include <string>

#include "certbridge/xml.h"
#include "config/configuration_error.h"
#include "config/model.h"

namespace certbridge::host {

// Places of what is checked later.
struct ConfigurationPlaces {
  Place data{};
  Place plugins{};
  Place secrets{};
  Place master_key{};
  Place issuers{};
  Place routes{};
  Place life{};
  Place access{};
  std::string issuers_file{};  // absolute or relative to the working folder, like the file itself
  std::string routes_folder{};
  std::string life_file{};  // empty: none
};

// Paths in the file are relative to its folder. Times and windows that make no sense are appended
// to `errors`.
Configuration read_configuration(const XmlElement& root, const std::string& file,
                                 ConfigurationPlaces& places, ConfigurationErrors& errors);

}  // namespace certbridge::host

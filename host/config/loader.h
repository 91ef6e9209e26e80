// From files to a checked Configuration: the same code for `certbridge check` and at start.
#pragma once

#include <string>
#include <vector>

#include "config/configuration_error.h"
#include "config/model.h"
#include "config/secrets.h"
#include "plugins/catalogue.h"

namespace certbridge::host {

// `--set endpoint.option=value` of the command line, for demonstrations and tests.
struct OptionOverride {
  std::string endpoint{};
  std::string option{};
  std::string value{};
};

struct LoadRequest {
  std::string file{};           // certbridge.xml
  std::string plugin_folder{};  // where <plugins folder> does not say another
  std::vector<OptionOverride> overrides{};
};

struct LoadedConfiguration {
  Configuration configuration{};  // complete only when there are no errors
  Catalogue catalogue{};
  Secrets secrets{};
  ConfigurationErrors errors{};  // in order of files and lines; empty: may be run

  bool ok() const { return errors.empty(); }
};

// Reads certbridge.xml, the issuers, the routes (in order of file names) and the manifests, and
// checks all of it. Never stops at the first error: structure of every file first, then meaning.
LoadedConfiguration load_configuration(const LoadRequest& request);

// `plugins` needs the plugin folder even when the rest is refused: what the file says of it, or
// the request's. Never fails.
std::string plugin_folder_of(const LoadRequest& request);

}  // namespace certbridge::host

// What lies in the plugin folder, known from manifests alone: no library is opened for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/manifest.h"

namespace certbridge::host {

struct CatalogueEntry {
  std::string folder{};  // absolute
  std::string file{};    // its plugin.xml
  std::optional<Manifest> manifest{};
  std::string verdict{};  // why it cannot be used; empty when nothing speaks against it so far
};

struct Catalogue {
  std::string folder{};
  std::string problem{};                  // why the folder itself could not be read; may be empty
  std::vector<CatalogueEntry> entries{};  // in order of folder names

  // Usable manifests only; null when there is none of that name.
  const Manifest* find(std::string_view name) const;
  // The entry of that name whatever its verdict; entries without manifest by their folder's name.
  const CatalogueEntry* entry(std::string_view name) const;
  std::vector<std::string> names() const;  // of usable manifests
};

// Reads every FOLDER/*/plugin.xml (at most 256). Never fails: what is wrong with one plugin is its
// verdict. A manifest for another contract number and two plugins of one name get a verdict here.
Catalogue scan_plugins(const std::string& folder);

}  // namespace certbridge::host

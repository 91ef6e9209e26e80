#include "plugins/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "certbridge/plugin.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostPlugins = 256;

CatalogueEntry read_entry(const std::filesystem::path& folder) {
  CatalogueEntry entry;
  entry.folder = folder.string();
  entry.file = (folder / "plugin.xml").string();
  ConfigurationErrors errors;
  entry.manifest = read_manifest(entry.file, errors);
  if (!entry.manifest) {
    ConfigurationError first = errors.front();
    first.file = "plugin.xml";
    entry.verdict = "the manifest is broken: " + to_text(first);
  } else if (entry.manifest->abi != kAbiVersion) {
    entry.verdict = "the manifest says contract number " + std::to_string(entry.manifest->abi) +
                    ", this host speaks " + std::to_string(kAbiVersion);
  }
  return entry;
}

// Neither is used: which code runs must not depend on the order of folders.
void refuse_doubles(std::vector<CatalogueEntry>& entries) {
  std::map<std::string, std::vector<CatalogueEntry*>> by_name;
  for (CatalogueEntry& entry : entries) {
    if (entry.manifest) by_name[entry.manifest->name].push_back(&entry);
  }
  for (const auto& [name, same] : by_name) {
    if (same.size() < 2) continue;
    std::vector<std::string> folders;
    for (const CatalogueEntry* entry : same) {
      folders.push_back(std::filesystem::path(entry->folder).filename().string());
    }
    for (CatalogueEntry* entry : same) {
      entry->verdict = "the name " + name + " is taken more than once, by the folders " +
                       listed(folders) + "; none of them is used";
    }
  }
}

}  // namespace

const CatalogueEntry* Catalogue::entry(std::string_view name) const {
  for (const CatalogueEntry& candidate : entries) {
    const std::string own = candidate.manifest
                                ? candidate.manifest->name
                                : std::filesystem::path(candidate.folder).filename().string();
    if (own == name) return &candidate;
  }
  return nullptr;
}

const Manifest* Catalogue::find(std::string_view name) const {
  const CatalogueEntry* found = entry(name);
  return found != nullptr && found->verdict.empty() ? &*found->manifest : nullptr;
}

std::vector<std::string> Catalogue::names() const {
  std::vector<std::string> names;
  for (const CatalogueEntry& candidate : entries) {
    if (candidate.manifest && candidate.verdict.empty()) names.push_back(candidate.manifest->name);
  }
  return names;
}

Catalogue scan_plugins(const std::string& folder) {
  Catalogue catalogue;
  std::error_code problem;
  catalogue.folder = std::filesystem::absolute(folder, problem).lexically_normal().string();
  std::vector<std::filesystem::path> folders;
  for (std::filesystem::directory_iterator at(catalogue.folder, problem), end;
       !problem && at != end && folders.size() < kMostPlugins; at.increment(problem)) {
    std::error_code ignored;
    if (std::filesystem::exists(at->path() / "plugin.xml", ignored)) folders.push_back(at->path());
  }
  if (problem) catalogue.problem = problem.message();
  std::sort(folders.begin(), folders.end());
  for (const auto& path : folders) catalogue.entries.push_back(read_entry(path));
  refuse_doubles(catalogue.entries);
  return catalogue;
}

}  // namespace certbridge::host

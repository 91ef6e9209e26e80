// A loadable library behind its door: checked step by step before any of its code is called.
#pragma once

#include <memory>
#include <string>

#include "certbridge/plugin.h"
#include "plugins/manifest.h"

namespace certbridge::host {

// Destroys a plugin by the function of its own library.
struct PluginDestroyer {
  void (*destroy)(Plugin*) noexcept = nullptr;
  void operator()(Plugin* plugin) const;
};
using PluginPointer = std::unique_ptr<Plugin, PluginDestroyer>;

// What refuses a library. Only "plugin.create" may be different at the next try.
//   "plugin.library"      the file is missing or cannot be loaded
//   "plugin.digest"       the file is not the one that the configuration pins
//   "plugin.door"         it has no door certbridge_plugin_v1
//   "plugin.abi"          descriptor of another contract number or size
//   "plugin.fingerprint"  built by another compiler, string ABI, debug mode or sanitizer
//   "plugin.name"         descriptor and manifest disagree about name or version
//   "plugin.create"       it answered that it could not be set up
//
// In this order: file, pinned SHA-256 (lower-case hex; empty: none), door in the file's table of
// aliases, load, descriptor. Until the descriptor has passed no function of the library is called.
// A library that was loaded is never unloaded. Host thread only.
Result<PluginPointer> open_plugin(const Manifest& manifest, const std::string& pinned_sha256);

// The same without creating the plugin: for `certbridge plugins` and `check`.
Result<void> inspect_plugin(const Manifest& manifest, const std::string& pinned_sha256);

}  // namespace certbridge::host

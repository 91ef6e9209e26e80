// The standard library's paths: the headers alone are used, no other part of Boost is linked.
#define BOOST_DLL_USE_STD_FS
#include "plugins/library.h"

#include <algorithm>
#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <filesystem>
#include <map>
#include <mutex>

#include "plugins/file_digest.h"

namespace certbridge::host {
namespace {

constexpr const char* kDoor = "certbridge_plugin_v1";

// Libraries stay mapped until the process ends, also past the last user of their code: exit
// handlers and values that travelled out of them may still need it.
class LoadedLibraries {
 public:
  static LoadedLibraries& instance() {
    static auto* const libraries = new LoadedLibraries();
    return *libraries;
  }
  Result<const PluginDescriptor*> descriptor(const std::string& path) {
    const std::lock_guard lock(mutex_);
    try {
      boost::dll::shared_library& library = libraries_[path];
      if (!library.is_loaded()) {
        library.load(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
      }
      return &library.get_alias<const PluginDescriptor>(kDoor);
    } catch (const std::exception& problem) {
      return Error::fault("plugin.library",
                          std::string("the library cannot be loaded: ") + problem.what());
    }
  }

 private:
  std::mutex mutex_{};
  std::map<std::string, boost::dll::shared_library> libraries_{};
};

Result<void> check_digest(const std::string& path, const std::string& pinned) {
  if (pinned.empty()) return {};
  const Result<std::string> digest = file_sha256(path);
  if (!digest) return digest.error();
  if (digest.value() == pinned) return {};
  return Error::fault("plugin.digest", "the library's SHA-256 is " + digest.value() +
                                           ", the configuration pins " + pinned);
}

Result<void> check_door(const std::string& path) {
  try {
    boost::dll::library_info info(path);
    const auto sections = info.sections();
    if (std::find(sections.begin(), sections.end(), "boostdll") != sections.end()) {
      const auto symbols = info.symbols("boostdll");
      if (std::find(symbols.begin(), symbols.end(), kDoor) != symbols.end()) return {};
    }
    return Error::fault("plugin.door", std::string("the library has no door ") + kDoor +
                                           ": it is no plugin of certbridge");
  } catch (const std::exception&) {
    return Error::fault("plugin.library", "the file is not a shared library");
  }
}

std::string text_or_unnamed(const char* text) { return text == nullptr ? "(none)" : text; }

// Only plain data is read here; fields behind `size` are not there.
Result<void> check_descriptor(const PluginDescriptor& descriptor, const Manifest& manifest) {
  if (descriptor.abi_version != kAbiVersion) {
    return Error::fault("plugin.abi", "the library was built for contract number " +
                                          std::to_string(descriptor.abi_version) +
                                          ", this host speaks " + std::to_string(kAbiVersion));
  }
  if (descriptor.size < sizeof(PluginDescriptor)) {
    return Error::fault("plugin.abi",
                        "the library's descriptor has " + std::to_string(descriptor.size) +
                            " bytes, this host needs " + std::to_string(sizeof(PluginDescriptor)));
  }
  if (text_or_unnamed(descriptor.fingerprint) != CERTBRIDGE_FINGERPRINT) {
    return Error::fault("plugin.fingerprint", "built in another way: the plugin is " +
                                                  text_or_unnamed(descriptor.fingerprint) +
                                                  ", the host is " CERTBRIDGE_FINGERPRINT);
  }
  const std::string name = text_or_unnamed(descriptor.name);
  const std::string version = text_or_unnamed(descriptor.version);
  if (name == manifest.name && version == manifest.version) return {};
  return Error::fault("plugin.name", "the library calls itself " + name + " " + version +
                                         ", its manifest " + manifest.name + " " +
                                         manifest.version);
}

Result<const PluginDescriptor*> pass_door(const Manifest& manifest, const std::string& pinned) {
  const std::string path = (std::filesystem::path(manifest.folder) / manifest.library).string();
  std::error_code problem;
  if (!std::filesystem::is_regular_file(path, problem) || problem) {
    return Error::fault("plugin.library",
                        "the library " + manifest.library + " is missing in " + manifest.folder);
  }
  if (const Result<void> digest = check_digest(path, pinned); !digest) return digest.error();
  if (const Result<void> door = check_door(path); !door) return door.error();
  Result<const PluginDescriptor*> descriptor = LoadedLibraries::instance().descriptor(path);
  if (!descriptor) return descriptor.error();
  if (const Result<void> fits = check_descriptor(*descriptor.value(), manifest); !fits)
    return fits.error();
  return descriptor;
}

}  // namespace

void PluginDestroyer::operator()(Plugin* plugin) const {
  if (plugin != nullptr) destroy(plugin);
}

Result<PluginPointer> open_plugin(const Manifest& manifest, const std::string& pinned_sha256) {
  const Result<const PluginDescriptor*> descriptor = pass_door(manifest, pinned_sha256);
  if (!descriptor) return descriptor.error();
  PluginPointer plugin(descriptor.value()->create(), PluginDestroyer{descriptor.value()->destroy});
  if (plugin == nullptr) {
    return Error::fault("plugin.create", "the library answered that it could not be set up");
  }
  return plugin;
}

Result<void> inspect_plugin(const Manifest& manifest, const std::string& pinned_sha256) {
  const Result<const PluginDescriptor*> descriptor = pass_door(manifest, pinned_sha256);
  if (!descriptor) return descriptor.error();
  return {};
}

}  // namespace certbridge::host

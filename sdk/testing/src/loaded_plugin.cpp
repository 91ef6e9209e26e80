#include "certbridge/testing/loaded_plugin.h"

#include <dlfcn.h>

#include <stdexcept>

namespace certbridge::testing {

std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> load_plugin(const std::string& library) {
  void* opened = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) throw std::runtime_error(::dlerror());
  void* alias = ::dlsym(opened, "certbridge_plugin_v1");
  if (alias == nullptr) throw std::runtime_error(library + " has no door");
  // The alias is a pointer to the descriptor.
  const PluginDescriptor& descriptor = **static_cast<const PluginDescriptor* const*>(alias);
  if (std::string(descriptor.fingerprint) != CERTBRIDGE_FINGERPRINT) {
    throw std::runtime_error(library + " was built in another way than this test");
  }
  return {descriptor.create(), descriptor.destroy};
}

}  // namespace certbridge::testing

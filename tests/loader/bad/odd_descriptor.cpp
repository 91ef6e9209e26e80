// A door whose descriptor does not fit. Nothing behind it may be called: create() ends the process.
#include <cstdlib>

#include "zoo_sink.h"

#ifndef ZOO_SIZE
#define ZOO_SIZE sizeof(certbridge::PluginDescriptor)
#endif
#ifndef ZOO_ABI
#define ZOO_ABI certbridge::kAbiVersion
#endif
#ifndef ZOO_FINGERPRINT
#define ZOO_FINGERPRINT CERTBRIDGE_FINGERPRINT
#endif

namespace certbridge_plugin_entry {
static certbridge::Plugin* create() noexcept { std::abort(); }
static void destroy(certbridge::Plugin*) noexcept { std::abort(); }
extern const certbridge::PluginDescriptor descriptor;
const certbridge::PluginDescriptor descriptor = {ZOO_SIZE, ZOO_ABI, ZOO_FINGERPRINT, ZOO_NAME,
                                                 "1.0.0",  &create, &destroy};
}  // namespace certbridge_plugin_entry
BOOST_DLL_ALIAS(certbridge_plugin_entry::descriptor, certbridge_plugin_v1)

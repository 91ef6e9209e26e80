// The door of a loadable library: one plain-data descriptor under one symbol.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <boost/dll/alias.hpp>

#include "certbridge/context.h"
#include "certbridge/endpoint.h"

namespace certbridge {

inline constexpr std::uint32_t kAbiVersion = 1;

// What must agree between host and library: SDK number, compiler, string ABI, debug mode and
// sanitizers. Two libraries with different fingerprints must not exchange C++ objects.
#define CERTBRIDGE_TEXT_(x) #x
#define CERTBRIDGE_TEXT(x) CERTBRIDGE_TEXT_(x)
#ifdef _GLIBCXX_DEBUG
#define CERTBRIDGE_DEBUG_MARK "+debug"
#else
#define CERTBRIDGE_DEBUG_MARK ""
#endif
#if defined(__SANITIZE_ADDRESS__)
#define CERTBRIDGE_SANITIZER_MARK "+asan"
#elif defined(__SANITIZE_THREAD__)
#define CERTBRIDGE_SANITIZER_MARK "+tsan"
#else
#define CERTBRIDGE_SANITIZER_MARK ""
#endif
#define CERTBRIDGE_FINGERPRINT                                             \
  "certbridge1/gxx" CERTBRIDGE_TEXT(__GNUC__) "/abi" CERTBRIDGE_TEXT(      \
      __GXX_ABI_VERSION) "/cxx11=" CERTBRIDGE_TEXT(_GLIBCXX_USE_CXX11_ABI) \
      CERTBRIDGE_DEBUG_MARK CERTBRIDGE_SANITIZER_MARK

// Makes the components of one library. Each default answers the fault "plugin.no_such_kind".
// The host calls from one thread; the Context outlives what is made.
class Plugin {
 public:
  virtual ~Plugin();
  virtual Result<std::unique_ptr<Source>> make_source(std::string_view kind, Context& context);
  virtual Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context);
  virtual Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                            Context& context);
  virtual Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                            Context& context);
};

// Plain C data; fields are only ever appended, `size` tells how many there are.
struct PluginDescriptor {
  std::uint32_t size;
  std::uint32_t abi_version;
  const char* fingerprint;
  const char* name;
  const char* version;
  Plugin* (*create)() noexcept;  // a null pointer means that the library could not be set up
  void (*destroy)(Plugin*) noexcept;
};

}  // namespace certbridge

// Once in each library, at global scope.
#define CERTBRIDGE_PLUGIN(Class, plugin_name, plugin_version)                            \
  namespace certbridge_plugin_entry {                                                    \
  static certbridge::Plugin* create() noexcept {                                         \
    try {                                                                                \
      return new Class();                                                                \
    } catch (...) {                                                                      \
      return nullptr;                                                                    \
    }                                                                                    \
  }                                                                                      \
  static void destroy(certbridge::Plugin* plugin) noexcept { delete plugin; }            \
  extern const certbridge::PluginDescriptor descriptor;                                  \
  const certbridge::PluginDescriptor descriptor = {sizeof(certbridge::PluginDescriptor), \
                                                   certbridge::kAbiVersion,              \
                                                   CERTBRIDGE_FINGERPRINT,               \
                                                   plugin_name,                          \
                                                   plugin_version,                       \
                                                   &create,                              \
                                                   &destroy};                            \
  }                                                                                      \
  BOOST_DLL_ALIAS(certbridge_plugin_entry::descriptor, certbridge_plugin_v1)

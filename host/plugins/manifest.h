// A plugin's manifest (plugin.xml) as values: the single source of what its library makes, reads
// and answers. Read before the library is touched.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"
#include "config/configuration_error.h"

namespace certbridge::host {

enum class OptionType : std::uint8_t {
  kText = 1,
  kInteger = 2,
  kBoolean = 3,
  kDuration = 4,
  kSize = 5,
  kUrl = 6,
  kEnum = 7,
  kFile = 8,
  kSecret = 9,
  kEndpoint = 10,  // the name of one of the configuration
};
std::string to_text(OptionType type);  // as plugin.xml writes it

struct OptionManifest {
  std::string name{};
  OptionType type = OptionType::kText;
  bool required = false;
  std::optional<std::string> standard{};  // the default, as written
  std::vector<std::string> values{};      // of an enum
  std::string pattern{};                  // of a text: an expression for all of it; empty: any
  std::optional<std::int64_t> min{};
  std::optional<std::int64_t> max{};
  std::string meaning{};
};

enum class ComponentAs : std::uint8_t { kSource = 1, kSink = 2, kResponder = 3, kProcessor = 4 };
std::string to_text(ComponentAs as);

struct RoleManifest {
  std::string name{};
  ComponentAs as = ComponentAs::kResponder;  // sink or responder
  bool required = false;
  std::string meaning{};
};

enum class ComponentThreads : std::uint8_t {
  kOne = 1,  // the guard lets one call in at a time
  kMany = 2,
  kOwn = 3,  // a source that works on threads of its own
};
std::string to_text(ComponentThreads threads);

// One kind of component that the library makes.
struct KindManifest {
  std::string kind{};
  ComponentAs as = ComponentAs::kProcessor;
  ComponentThreads threads = ComponentThreads::kMany;
  bool gives_verdict = false;      // its answers' files passed the seal gate
  bool makes_file = false;         // adds or replaces a file that needs a gate verdict
  bool outside_effect = false;     // its result is made durable under the step key
  bool confirms = true;            // sink: can tell what the counterpart has
  std::string unsafe_in{};         // environment that refuses it; may be empty
  std::string exception_option{};  // a written reason in this option lifts the refusal
  std::string meaning{};
  std::vector<OptionManifest> options{};
  std::vector<RoleManifest> roles{};
  // Headers that only decide which way a message goes; a person may repair them on a parked one.
  std::vector<std::string> repairable{};

  // Null when there is none.
  const OptionManifest* option(std::string_view name) const;
  const RoleManifest* role(std::string_view name) const;
};

struct ErrorManifest {
  std::string code{};
  Severity severity = Severity::kFault;
  std::string meaning{};
  bool taken_nothing = false;  // permanent: nothing of what was sent is there
};
std::string to_text(Severity severity);

struct Manifest {
  std::string name{};
  std::string version{};
  std::uint32_t abi = 0;
  std::string library{};  // file name in `folder`
  std::string tier{};
  std::string posture{};
  std::string summary{};
  std::vector<KindManifest> makes{};
  std::vector<ErrorManifest> errors{};
  std::string folder{};  // absolute

  // Null when there is none.
  const KindManifest* kind(std::string_view name) const;
  const ErrorManifest* error(std::string_view code) const;
};

// Reads and checks plugin.xml: its schema, and that names and codes are unique, defaults fit their
// types and enums have values. Without a manifest `errors` has at least one entry more.
std::optional<Manifest> read_manifest(const std::string& path, ConfigurationErrors& errors);

}  // namespace certbridge::host

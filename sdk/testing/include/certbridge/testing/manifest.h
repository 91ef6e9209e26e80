// What a plugin.xml declares, as far as tests need it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::testing {

struct ManifestOption {
  std::string name{};
  std::string type{};
  std::string values{};  // of an enum, by blanks
  bool required = false;
  std::optional<std::string> default_value{};
};

struct ManifestKind {
  std::string kind{};
  std::string as{};
  bool outside_effect = false;  // the host keeps its result under the step key
  std::map<std::string, ManifestOption, std::less<>> options{};
  std::vector<std::string> roles{};
};

struct Manifest {
  std::string folder{};  // where plugin.xml stands
  std::vector<ManifestKind> kinds{};
  std::map<std::string, Severity, std::less<>> errors{};

  // Null when nothing of this kind is made.
  const ManifestKind* find(std::string_view kind) const;
};

// Reads urn:certbridge:plugin:1. A missing or broken file is a test failure and gives an empty one.
Manifest read_manifest(const std::string& path);

}  // namespace certbridge::testing

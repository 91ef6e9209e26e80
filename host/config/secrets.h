// Secrets by name: from a file that only its owner may read, or from the environment.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::host {

// Immutable; any thread may ask.
class Secrets {
 public:
  Secrets() = default;
  explicit Secrets(std::map<std::string, std::string, std::less<>> values)
      : values_(std::move(values)) {}

  // The environment's CERTBRIDGE_SECRET_<NAME> (upper case, hyphens as underscores) goes before the
  // file. "secret.unknown" names the secret and both places, never a value.
  // "secret.empty": the variable is set to nothing.
  Result<std::string> value(std::string_view name) const;
  // Those of the file, sorted.
  std::vector<std::string> names() const;

 private:
  std::map<std::string, std::string, std::less<>> values_{};
};

// The variable that holds a secret: "CERTBRIDGE_SECRET_MUNICIPAL_APPKEY".
std::string secret_variable(std::string_view name);

// Reads urn:certbridge:secrets:1. Refused ("secret.file") when it is missing, belongs to another
// user than this process (or root), may be read or written by others, or does not fit its schema;
// the message says how to mend it and holds none of the file's content. An empty path: no file.
Result<Secrets> open_secrets(const std::string& path);

}  // namespace certbridge::host

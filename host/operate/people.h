// Who acts: there is no change without a person, not even on this machine.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "operate/operation.h"

namespace certbridge::host {

// Immutable; any thread may ask. Keys are held in memory as the digests of what was configured.
class People {
 public:
  // Reads the keys of `configuration.people`; the host's own user acts as operator when nobody is
  // named. "secret.unknown" and the like when a key cannot be had.
  static Result<People> from(
      const OperateConfig& configuration,
      const std::function<Result<std::string>(const std::string& name)>& secret);

  // Null when nobody is known by it. `key` is compared in constant time with every key.
  const Person* by_user(unsigned user) const;
  const Person* by_key(std::string_view key) const;
  const Person* by_certificate(std::string_view sha256) const;

 private:
  struct Known {
    Person person{};
    std::optional<unsigned> user{};
    std::string key_digest{};  // SHA-256; empty: no key
  };
  std::vector<Known> known_{};
};

// The role under which the person may do this, or nothing.
std::optional<Role> role_for(const Person& person, const Operation& operation);

// Lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);

}  // namespace certbridge::host

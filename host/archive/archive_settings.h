// What <archive> of a configuration says, with its keys.
#pragma once

#include <functional>
#include <string>

#include "access/records/signatures.h"
#include "archive/kept_uses.h"
#include "config/model.h"

namespace certbridge::host {

using SecretNamed = std::function<Result<std::string>(const std::string& name)>;

// The bytes of a secret of 64 hexadecimal characters, which the configuration was checked for; else
// nothing.
std::string key_bytes(const Result<std::string>& hex);
// For a configuration that was checked and has <archive>. The clock outlives the store.
KeptUsesSettings kept_settings(const Configuration& configuration, const SecretNamed& secret,
                               const Clock& clock);
// "access.key" when the secret is no private key.
Result<SignatureKey> sealing_key(const Configuration& configuration, const SecretNamed& secret);

}  // namespace certbridge::host

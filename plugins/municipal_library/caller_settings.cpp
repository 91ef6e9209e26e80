#include "caller_settings.h"

#include <openssl/rand.h>

#include <stdexcept>

#include "certbridge/options.h"
#include "certbridge_sm/sm3.h"
#include "certbridge_sm/sm4.h"

namespace certbridge::municipal_library {
namespace {

Result<std::string> parse_key_hex(const std::string& text) {
  std::string key;
  if (text.size() == 2 * sm::kSm4KeyBytes) {
    const auto digest = parse_sm3_digest(text + text);  // hexadecimal of twice the length
    if (digest) key.assign(sm::bytes_of(digest.value()).substr(0, sm::kSm4KeyBytes));
  }
  if (!key.empty()) return key;
  return Error::fault("municipal.keys", "the secret of cipher-key is not 32 hexadecimal digits");
}

Result<std::string> needed_secret(const Config& config, const char* name, const char* why) {
  if (config.has(name)) return config.secret(name);
  return Error::fault("municipal.option",
                      std::string("the dialect ") + why + "; give the option " + name);
}

Result<Keys> read_keys(const Config& config, const Dialect& dialect) {
  Keys keys;
  if (dialect.encrypted) {
    auto hex = needed_secret(config, "cipher-key", "encrypts requests");
    if (!hex) return hex.error();
    auto key = parse_key_hex(hex.value());
    if (!key) return key.error();
    keys.cipher_key = std::move(key).value();
  }
  if (!dialect.signature) return keys;
  auto secret = needed_secret(config, "signing-key", "signs requests");
  if (!secret) return secret.error();
  if (dialect.signature->kind == SignatureKind::kHmacSm3) {
    keys.hmac_key = std::move(secret).value();
    return keys;
  }
  std::string passphrase;
  if (config.has("signing-key-passphrase")) {
    auto read = config.secret("signing-key-passphrase");
    if (!read) return read.error();
    passphrase = std::move(read).value();
  }
  auto key = sm::PrivateKey::from_pem(secret.value(), passphrase);
  if (!key)
    return Error::fault("municipal.keys", "the secret of signing-key: " + key.error().message);
  keys.signing_key = std::move(key).value();
  return keys;
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    throw std::runtime_error("OpenSSL gave no random bytes");
  }
  return bytes;
}

Result<Dialect> read_dialect(const Config& config) {
  const auto file = read_option_file(config, "dialect");
  if (!file) return file.error();
  return parse_dialect(file.value().text, file.value().path);
}

Result<CallerSettings> read_caller_settings(const Config& config) {
  CallerSettings settings;
  auto dialect = read_dialect(config);
  if (!dialect) return dialect.error();
  settings.dialect = std::move(dialect).value();
  OptionReader options(config);
  settings.client_id = options.text("client-id");
  settings.client_secret = options.secret("client-secret");
  if (auto read = options.result(); !read) return read.error();
  auto keys = read_keys(config, settings.dialect);
  if (!keys) return keys.error();
  settings.keys = std::move(keys).value();
  return settings;
}

}  // namespace certbridge::municipal_library

#include "caller_settings.h"

#include <openssl/rand.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "certbridge_sm/sm3.h"
#include "certbridge_sm/sm4.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kLargestDialect = 1'000'000;

Result<std::string> read_dialect_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || text.str().size() > kLargestDialect) {
    return Error::fault("municipal.option",
                        "the dialect file " + path + " cannot be read or is above 1 MB");
  }
  return text.str();
}

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
  auto file = config.file("dialect");
  if (!file) return file.error();
  auto xml = read_dialect_file(file.value());
  if (!xml) return xml.error();
  return parse_dialect(xml.value(), file.value());
}

Result<CallerSettings> read_caller_settings(const Config& config) {
  CallerSettings settings;
  auto dialect = read_dialect(config);
  if (!dialect) return dialect.error();
  settings.dialect = std::move(dialect).value();
  auto id = config.text("client-id");
  if (!id) return id.error();
  settings.client_id = std::move(id).value();
  auto secret = config.secret("client-secret");
  if (!secret) return secret.error();
  settings.client_secret = std::move(secret).value();
  auto keys = read_keys(config, settings.dialect);
  if (!keys) return keys.error();
  settings.keys = std::move(keys).value();
  return settings;
}

}  // namespace certbridge::municipal_library

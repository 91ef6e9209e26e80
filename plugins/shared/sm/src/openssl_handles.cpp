#include "openssl_handles.h"

#include <openssl/err.h>

namespace certbridge::sm {

std::string text_of(BIO* bio) {
  char* start = nullptr;
  const long size = BIO_get_mem_data(bio, &start);
  return size <= 0 ? std::string() : std::string(start, static_cast<std::size_t>(size));
}

BioPointer reader_of(std::string_view bytes) {
  return BioPointer(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  std::string text = reason == nullptr ? "no reason given" : reason;
  ERR_clear_error();
  return text;
}

Result<KeyPointer> require_sm2(KeyPointer key, std::string_view what) {
  if (key == nullptr) {
    return Error::fault("sm.key", std::string(what) + " cannot be read (" + openssl_reason() + ")");
  }
  if (EVP_PKEY_is_a(key.get(), "SM2") != 1) {
    return Error::fault("sm.key", std::string(what) + " is not an SM2 key but of type " +
                                      EVP_PKEY_get0_type_name(key.get()));
  }
  return key;
}

}  // namespace certbridge::sm

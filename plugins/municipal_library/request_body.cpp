#include "request_body.h"

#include "certbridge/text.h"
#include "certbridge_sm/base64.h"
#include "certbridge_sm/sm3.h"
#include "certbridge_sm/sm4.h"
#include "charset.h"

namespace certbridge::municipal_library {
namespace {

Error protection_failed(const Error& cause) {
  return Error::fault("municipal.protection",
                      "the request could not be signed or encrypted: " + cause.message);
}

Result<std::string> write_fields(const Dialect& dialect, const RemoteCall& call,
                                 const Subject& subject) {
  std::string object = "{";
  for (const Field& field : call.fields) {
    auto value = write_value(field, subject, dialect);
    if (!value) return value.error();
    if (!value.value()) {
      if (!field.from.starts_with(kCarriedPrefix)) continue;
      return Error::fault("municipal.missing_value", "the call " + call.name + " needs " +
                                                         field.from + ", which no call answered");
    }
    if (object.size() > 1) object += ",";
    object += json_quoted(field.name) + ":" + *value.value();
  }
  return object + "}";
}

Result<std::string> in_charset(std::string text, const Dialect& dialect) {
  if (dialect.charset == Charset::kUtf8) return text;
  auto bytes = from_utf8(text, dialect.charset);
  if (bytes) return std::move(*bytes);
  return Error::permanent("municipal.charset",
                          "the record holds what the library's charset cannot write");
}

// Lower-case hexadecimal of IV and ciphertext.
Result<std::string> encrypt(const std::string& plain, const Keys& keys, const RandomBytes& random) {
  const std::string iv = random(sm::kSm4BlockBytes);
  auto cipher = sm::sm4_cbc_encrypt(keys.cipher_key, iv, plain);
  if (!cipher) return protection_failed(cipher.error());
  return to_hex_text(iv) + to_hex_text(cipher.value());
}

Result<std::string> sign(const SignatureRule& rule, const std::string& message,
                         const Caller& caller, const Keys& keys) {
  if (rule.kind == SignatureKind::kHmacSm3) {
    const Sm3Digest digest = sm::hmac_sm3(keys.hmac_key, message);
    return sm::base64_encode(sm::bytes_of(digest));
  }
  auto der = sm::sm2_sign(*keys.signing_key, caller.client_id, message);
  if (!der) return protection_failed(der.error());
  auto raw = sm::raw_from_der(der.value());
  if (!raw) return protection_failed(raw.error());
  return sm::base64_encode(raw.value());
}

// The head's fields; the timestamp that is signed is the one that is written.
Result<std::string> write_head(const Dialect& dialect, const std::string& data,
                               const Caller& caller, const Keys& keys) {
  std::string timestamp;
  for (const Field& field : dialect.head) {
    if (field.from == "timestamp") timestamp = write_time(local_time_of(caller.now), field.form);
  }
  std::string head = "{";
  for (const Field& field : dialect.head) {
    std::string value = write_head_value(field, caller);
    if (field.from == "signature" && dialect.signature) {
      const bool timed = dialect.signature->over_timestamp;
      auto signature = sign(*dialect.signature, (timed ? timestamp : "") + data, caller, keys);
      if (!signature) return signature.error();
      value = json_quoted(signature.value());
    }
    if (head.size() > 1) head += ",";
    head += json_quoted(field.name) + ":" + value;
  }
  return head + "}";
}

}  // namespace

Result<std::string> write_body(const Dialect& dialect, const RemoteCall& call,
                               const Subject& subject, const Caller& caller, const Keys& keys,
                               const RandomBytes& random) {
  auto fields = write_fields(dialect, call, subject);
  if (!fields) return fields.error();
  auto bytes = in_charset(std::move(fields).value(), dialect);
  if (!bytes) return bytes.error();
  std::string data = std::move(bytes).value();
  if (dialect.encrypted) {
    auto encrypted = encrypt(data, keys, random);
    if (!encrypted) return encrypted.error();
    data = std::move(encrypted).value();
  }
  std::string body = "{";
  if (!dialect.head.empty()) {
    auto head = write_head(dialect, data, caller, keys);
    if (!head) return head.error();
    body += json_quoted(dialect.head_member) + ":" + head.value() + ",";
  }
  body += json_quoted(dialect.content_member) + ":";
  body += dialect.encrypted ? "\"" + data + "\"" : data;
  return body + "}";
}

std::string content_type_of(const Dialect& dialect) {
  return dialect.charset == Charset::kUtf8 ? "application/json; charset=UTF-8"
                                           : "application/json; charset=GB18030";
}

}  // namespace certbridge::municipal_library

// The platform's signature over the bytes of a message. It is no XML signature: nothing is
// canonicalised, and every byte but those of BizMsgID counts.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::provincial_platform {

// The field of the head that is the number; empty until the message has it.
inline constexpr std::string_view kNumberField = "BizMsgID";

// An RSA private key. Any thread may sign.
class SigningKey {
 public:
  SigningKey();
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;

  // PKCS#8 as PEM or as the Base64 of its DER in one line, not encrypted. "provincial.key" when it
  // is no RSA key or has fewer bits than `least_bits`. The text of the key is in no error.
  static Result<SigningKey> parse(std::string_view text, unsigned least_bits);
  // Lower-case hexadecimal of RSASSA-PKCS1-v1_5 with SHA-1 over the MD5 of the text.
  Result<std::string> sign(std::string_view text) const;

 private:
  struct Held;
  std::unique_ptr<Held> held_;
};

// What is signed: the text with nothing between the first <BizMsgID> and the last </BizMsgID>.
// "provincial.signature" when there is no such element.
Result<std::string> signed_text(std::string_view message);

// The bytes that are sent: number and signature in the text, which has an empty BizMsgID and no
// DigitalSign yet. The number is not covered by the signature.
Result<std::string> sealed(std::string_view message, std::string_view number,
                           const SigningKey& key);

}  // namespace certbridge::provincial_platform

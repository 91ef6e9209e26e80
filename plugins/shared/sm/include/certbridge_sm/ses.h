// Electronic seals and seal signatures, version 4 (GB/T 38540-2020): reading, writing and the one
// signature that a seal carries itself. Versions 1 (GM/T 0031-2014) and 5 are recognised and
// refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/content.h"
#include "certbridge/message.h"
#include "certbridge_sm/x509.h"

namespace certbridge::sm {

inline constexpr std::string_view kSm2WithSm3 = "1.2.156.10197.1.501";
inline constexpr std::string_view kSm3ObjectId = "1.2.156.10197.1.401";
inline constexpr std::int64_t kSesVersion = 4;

struct SealPicture {
  std::string type{};  // "PNG"
  std::string data{};
  int width = 0;  // mm
  int height = 0;
};

// SESeal. Byte strings are the original ones.
struct Seal {
  std::string info_der{};  // SES_SealInfo, what the maker signed
  std::string vendor{};    // Vid of the header
  std::string id{};        // esID
  int type = 1;            // 1 unit, 2 person; vendors also write others
  std::string name{};
  std::vector<std::string> signers{};       // DER certificates of the allowed signers, or
  std::vector<Sm3Digest> signer_digests{};  // their SM3 digests
  Timestamp created{};
  Validity validity{};
  SealPicture picture{};
  std::string maker_certificate{};  // DER
  std::string maker_signature{};    // DER of r and s

  // Whether the certificate is in the seal's list, by bytes or by digest.
  bool lists(std::string_view certificate_der) const;
};

// SES_Signature. The seal inside is kept as bytes: it is parsed and checked once for many files.
struct SealSignature {
  std::string to_be_signed{};  // DER of TBS_Sign
  std::string seal_der{};
  Timestamp time{};
  std::string data_hash{};
  std::string property_info{};
  std::string signer_certificate{};  // DER; not covered by the signature
  std::string signature{};           // DER of r and s
  std::optional<std::string> time_stamp{};
};

// Strict. Codes: "ses.version" (version 1, 5 or unknown), "ses.algorithm" (not SM2 with SM3),
// "ses.shape" with the field; all permanent. At most 4 MB.
Result<Seal> parse_seal(std::string_view der);
Result<SealSignature> parse_seal_signature(std::string_view der);

// Ok when the maker's certificate in the seal signed it; else "ses.maker_signature" or "sm.key".
Result<void> check_maker_signature(const Seal& seal);

// What a seal is made of.
struct SealDescription {
  std::string id{};
  std::string vendor{};
  int type = 1;
  std::string name{};
  std::vector<std::string> signers{};  // DER certificates
  bool list_digests = false;           // write the signers as SM3 digests (certListType 2)
  Timestamp created{};
  Validity validity{};
  SealPicture picture{};
};
// DER of a SESeal signed by the maker. Codes of sm2_sign.
Result<std::string> make_seal(const SealDescription& description, const PrivateKey& maker_key,
                              std::string_view maker_certificate_der);

// DER of TBS_Sign: the bytes that the signer signs.
std::string write_to_be_signed(std::string_view seal_der, Timestamp time,
                               const Sm3Digest& data_hash, std::string_view property_info);
// DER of SES_Signature.
std::string write_seal_signature(std::string_view to_be_signed, std::string_view signer_certificate,
                                 std::string_view signature);

}  // namespace certbridge::sm

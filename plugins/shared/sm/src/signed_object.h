// The outer form that certificates and revocation lists share: SEQUENCE { toBeSigned, algorithm,
// signature }, kept as the original bytes.
#pragma once

#include <openssl/asn1.h>

#include <string>
#include <string_view>

#include "certbridge/message.h"
#include "certbridge_sm/sm2.h"

namespace certbridge::sm {

struct SignedObject {
  std::string to_be_signed{};
  std::string algorithm{};      // dotted
  std::string algorithm_der{};  // the whole AlgorithmIdentifier
  std::string signature{};
};

Result<SignedObject> read_signed_object(std::string_view der);
// Checks algorithm and signature with the default identifier.
Result<void> check_signed_object(std::string_view algorithm, const PublicKey& key,
                                 std::string_view to_be_signed, std::string_view signature);
Result<Timestamp> time_of(const ASN1_TIME* time);
std::string serial_of(const ASN1_INTEGER* serial);

}  // namespace certbridge::sm

#include "signed_object.h"

#include <openssl/bn.h>

#include <chrono>
#include <ctime>

#include "certbridge_sm/der.h"
#include "certbridge_sm/ses.h"
#include "openssl_handles.h"

namespace certbridge::sm {

Result<SignedObject> read_signed_object(std::string_view der) {
  der::Reader outer(der);
  auto whole = outer.only(der::kSequence);
  if (!whole) return whole.error();
  der::Reader parts(whole.value().content);
  auto to_be_signed = parts.next(der::kSequence);
  if (!to_be_signed) return to_be_signed.error();
  auto algorithm = parts.next(der::kSequence);
  if (!algorithm) return algorithm.error();
  auto signature = parts.bits();
  if (!signature) return signature.error();
  if (!parts.at_end()) return Error::permanent("sm.der", "bytes after the signature");
  auto oid = der::Reader(algorithm.value().content).object_id();
  if (!oid) return oid.error();
  return SignedObject{std::string(to_be_signed.value().raw), oid.value(),
                      std::string(algorithm.value().raw), std::string(signature.value())};
}

Result<void> check_signed_object(std::string_view algorithm, const PublicKey& key,
                                 std::string_view to_be_signed, std::string_view signature) {
  if (algorithm != kSm2WithSm3) {
    return Error::permanent("sm.algorithm", "signed by the algorithm " + std::string(algorithm) +
                                                " and not by SM2 with SM3");
  }
  return sm2_verify(key, kDefaultSignerId, to_be_signed, signature);
}

Result<Timestamp> time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    return Error::permanent("sm.certificate", "a time in it cannot be read");
  }
  return Timestamp(std::chrono::seconds(timegm(&parts)));
}

std::string serial_of(const ASN1_INTEGER* serial) {
  const std::unique_ptr<BIGNUM, Releaser<BN_free>> number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (number == nullptr) return {};
  char* hex = BN_bn2hex(number.get());
  std::string text = hex == nullptr ? "" : hex;
  OPENSSL_free(hex);
  return text;
}

}  // namespace certbridge::sm

#include "certbridge_sm/der.h"
#include "certbridge_sm/ses.h"
#include "certbridge_sm/sm3.h"

namespace certbridge::sm {
namespace {

std::string write_signers(const SealDescription& seal) {
  std::string content;
  for (const std::string& certificate : seal.signers) {
    if (!seal.list_digests) {
      content += der::octet_string(certificate);
      continue;
    }
    content += der::sequence({der::element(der::kPrintableString, kSm3ObjectId),
                              der::octet_string(bytes_of(sm3(certificate)))});
  }
  return der::element(der::kSequence, content);
}

std::string write_info(const SealDescription& seal) {
  return der::sequence({
      der::sequence({der::ia5("ES"), der::integer(kSesVersion), der::ia5(seal.vendor)}),
      der::ia5(seal.id),
      der::sequence({der::integer(seal.type), der::utf8(seal.name),
                     der::integer(seal.list_digests ? 2 : 1), write_signers(seal),
                     der::generalized_time(seal.created),
                     der::generalized_time(seal.validity.not_before),
                     der::generalized_time(seal.validity.not_after)}),
      der::sequence({der::ia5(seal.picture.type), der::octet_string(seal.picture.data),
                     der::integer(seal.picture.width), der::integer(seal.picture.height)}),
  });
}

}  // namespace

Result<std::string> make_seal(const SealDescription& description, const PrivateKey& maker_key,
                              std::string_view maker_certificate_der) {
  const std::string info = write_info(description);
  auto signature = sm2_sign(maker_key, kDefaultSignerId, info);
  if (!signature) return signature.error();
  return der::sequence({info, der::octet_string(maker_certificate_der), der::object_id(kSm2WithSm3),
                        der::bit_string(signature.value())});
}

std::string write_to_be_signed(std::string_view seal_der, Timestamp time,
                               const Sm3Digest& data_hash, std::string_view property_info) {
  return der::sequence({der::integer(kSesVersion), std::string(seal_der),
                        der::generalized_time(time), der::bit_string(bytes_of(data_hash)),
                        der::ia5(property_info)});
}

std::string write_seal_signature(std::string_view to_be_signed, std::string_view signer_certificate,
                                 std::string_view signature) {
  return der::sequence({std::string(to_be_signed), der::octet_string(signer_certificate),
                        der::object_id(kSm2WithSm3), der::bit_string(signature)});
}

}  // namespace certbridge::sm

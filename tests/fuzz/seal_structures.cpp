// What signatures are made of (plugins/shared/sm): DER, seals, certificates, revocation lists, the
// two forms of a signature, Base64.
#include "certbridge_sm/base64.h"
#include "certbridge_sm/der.h"
#include "certbridge_sm/ses.h"
#include "fuzz.h"
#include "testing/corpus.h"

namespace certbridge::fuzz {
namespace {

using namespace sm;

constexpr int kDeepest = 64;

// Every element, and what is inside of constructed ones.
void walk(std::string_view bytes, int depth, std::string_view input) {
  der::Reader reader(bytes);
  while (!reader.at_end()) {
    const auto element = reader.any();
    if (!element) return require_refusal(element.error(), input);
    require(der::element(element.value().tag, element.value().content) == element.value().raw,
            "there is one form of an element");
    const bool constructed = (element.value().tag & 0x20) != 0;
    if (constructed && depth < kDeepest) walk(element.value().content, depth + 1, input);
  }
}

void check_seals(std::string_view input) {
  if (auto seal = parse_seal(input); !seal) require_refusal(seal.error(), input);
  const auto signature = parse_seal_signature(input);
  if (!signature) return require_refusal(signature.error(), input);
  require(input.find(signature.value().seal_der) != std::string_view::npos,
          "the bytes that count are those of the input");
}

void check_certificates(std::string_view input) {
  const auto certificate = X509Certificate::from_der(input);
  if (certificate) {
    require(certificate.value().der() == input, "a certificate is kept as it came");
    if (auto key = certificate.value().public_key(); !key) require_refusal(key.error(), input);
    if (auto own = certificate.value().signed_by(certificate.value()); !own)
      require_refusal(own.error(), input);
  } else {
    require_refusal(certificate.error(), input);
  }
  if (auto list = RevocationList::from_der(input); !list) require_refusal(list.error(), input);
  if (auto store = TrustStore::parse(input); !store) require_refusal(store.error(), input);
  if (auto lists = RevocationList::from_pem(input); !lists) require_refusal(lists.error(), input);
}

void check_forms(std::string_view input) {
  const auto raw = raw_from_der(input);
  if (raw) {
    require(raw.value().size() == 64, "r and s have 32 bytes each");
    const auto der = der_from_raw(raw.value());
    require(der.ok() && der.value() == input, "there is one DER form of a signature");
  } else {
    require_refusal(raw.error(), input);
  }
  const auto bytes = base64_decode(input);
  require(!bytes || base64_encode(*bytes) == input, "there is one Base64 form");
}

}  // namespace

std::vector<std::string> samples() {
  using namespace seal_service::testing;
  const Timestamp now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
  const auto made = make_world({{"41130000000001", "南阳市自然资源和规划局", "nanyang"}}, now);
  const World& world = made.value();
  const Sealed& sealed = world.good.front();
  const std::string to_be_signed = write_to_be_signed(sealed.seal, now, Sm3Digest{}, "/Doc_0");
  const std::string signature = sm2_sign(sealed.signer.key, kDefaultSignerId, to_be_signed).value();
  return {sealed.seal,
          write_seal_signature(to_be_signed, sealed.signer.certificate.der(), signature),
          sealed.signer.certificate.der(),
          signature,
          world.trust_pem,
          world.revocations_pem,
          base64_encode(signature)};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  walk(input, 0, input);
  check_seals(input);
  check_certificates(input);
  check_forms(input);
  return 0;
}

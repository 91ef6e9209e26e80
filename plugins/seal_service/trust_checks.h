// Checks of a seal and its certificates that do not depend on the file: made once and remembered.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge_sm/ses.h"

namespace certbridge::seal_service {

// Told of every SM2 operation: "sign" or "verify", and how many.
using CountOperations = std::function<void(std::string_view kind, int count)>;

struct TrustSettings {
  sm::TrustStore store;
  std::vector<sm::RevocationList> revocations{};
  bool demand_revocations = false;  // every issuer in a chain needs a fresh list
};

// Reads the PEM files; an empty `revocation_pem` means that there are none. Each list must be
// signed by an authority of the bundle. Faults: "sm.trust", "sm.revocation_list".
Result<TrustSettings> read_trust(std::string_view trust_pem, std::string_view revocation_pem);

// A seal and a signer that belong together, with chains that lead to a trust anchor.
struct TrustedSeal {
  sm::Seal seal{};
  sm::PublicKey signer_key;
  std::vector<sm::X509Certificate> signer_chain{};  // signer first
  std::vector<sm::X509Certificate> maker_chain{};
};

// Remembers which pairs of seal and signer's certificate passed; failures are not remembered. At
// most 64 pairs. Any thread may call.
class TrustedSeals {
 public:
  TrustedSeals(TrustSettings settings, CountOperations count);
  // Codes "seal.shape", "seal.version", "seal.algorithm", "seal.signer_listed",
  // "seal.maker_signature", "seal.key_usage", "seal.chain".
  Result<std::shared_ptr<const TrustedSeal>> check(std::string_view seal_der,
                                                   std::string_view signer_der);
  // Validity at the time of sealing. Codes "seal.certificate_validity", "seal.seal_validity",
  // "seal.time".
  Result<void> check_times(const TrustedSeal& seal, Timestamp sealed_at, Timestamp now) const;
  // Whether there are lists to check against; without them nothing is known of revocations.
  bool has_revocations() const { return settings_.demand_revocations; }
  // No certificate was revoked before the time of sealing, nor at any time because its key was
  // lost. Code "seal.revocation"; fault "seal.revocation.unknown" where a fresh list is missing.
  Result<void> check_revocations(const TrustedSeal& seal, Timestamp sealed_at, Timestamp now) const;
  const CountOperations& count() const { return count_; }

 private:
  Result<TrustedSeal> examine(std::string_view seal_der, std::string_view signer_der) const;
  Result<std::vector<sm::X509Certificate>> chain_of(const sm::X509Certificate& leaf,
                                                    const char* whose) const;
  Result<void> check_revocation(const sm::X509Certificate& certificate, Timestamp sealed_at,
                                Timestamp now) const;

  TrustSettings settings_;
  CountOperations count_;
  std::mutex mutex_{};
  // Shared: a caller goes on with what was dropped here meanwhile.
  std::map<std::string, std::shared_ptr<const TrustedSeal>, std::less<>> passed_{};
};

}  // namespace certbridge::seal_service

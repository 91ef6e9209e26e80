#include "trust_checks.h"

#include <chrono>

namespace certbridge::seal_service {
namespace {

constexpr std::size_t kMostRemembered = 64;
constexpr std::chrono::minutes kClockDifference{5};

Error untrusted(const char* code, const std::string& message) {
  return Error::permanent(code, message);
}

// The codes of reading a seal, as codes of this plugin.
Error seal_error(const Error& error) {
  if (error.code == "ses.version") return untrusted("seal.version", error.message);
  if (error.code == "ses.algorithm" || error.code == "sm.key" || error.code == "sm.algorithm") {
    return untrusted("seal.algorithm", error.message);
  }
  if (error.code == "ses.maker_signature") return untrusted("seal.maker_signature", error.message);
  return untrusted("seal.shape", error.message);
}

Result<void> check_validity(const std::vector<sm::X509Certificate>& chain, Timestamp sealed_at) {
  for (const sm::X509Certificate& certificate : chain) {
    if (certificate.validity().covers(sealed_at)) continue;
    return untrusted("seal.certificate_validity", "the certificate of " + certificate.subject() +
                                                      " was not valid at the time of sealing");
  }
  return {};
}

}  // namespace

Result<TrustSettings> read_trust(std::string_view trust_pem, std::string_view revocation_pem) {
  auto store = sm::TrustStore::parse(trust_pem);
  if (!store) return store.error();
  TrustSettings settings{std::move(store).value(), {}, !revocation_pem.empty()};
  if (revocation_pem.empty()) return settings;
  auto lists = sm::RevocationList::from_pem(revocation_pem);
  if (!lists) return Error::fault(lists.error().code, lists.error().message);
  auto authorities = sm::X509Certificate::from_pem(trust_pem);
  for (sm::RevocationList& list : lists.value()) {
    bool vouched = false;
    for (const sm::X509Certificate& authority : authorities.value()) {
      vouched = vouched || (authority.subject_name() == list.issuer_name() &&
                            authority.may_sign_revocations() && list.signed_by(authority).ok());
    }
    if (!vouched) {
      return Error::fault("sm.revocation_list",
                          "a revocation list is not signed by any of the trust anchors");
    }
    settings.revocations.push_back(std::move(list));
  }
  return settings;
}

TrustedSeals::TrustedSeals(TrustSettings settings, CountOperations count)
    : settings_(std::move(settings)), count_(std::move(count)) {}

Result<std::vector<sm::X509Certificate>> TrustedSeals::chain_of(const sm::X509Certificate& leaf,
                                                                const char* whose) const {
  if (!leaf.may_sign()) {
    return untrusted("seal.key_usage", std::string("the key usage of the ") + whose +
                                           "'s certificate does not allow signing");
  }
  auto chain = settings_.store.chain_of(leaf);
  if (!chain)
    return untrusted("seal.chain", std::string("of the ") + whose + ": " + chain.error().message);
  count_("verify", static_cast<int>(chain.value().size()));
  return chain;
}

Result<TrustedSeal> TrustedSeals::examine(std::string_view seal_der,
                                          std::string_view signer_der) const {
  auto seal = sm::parse_seal(seal_der);
  if (!seal) return seal_error(seal.error());
  if (!seal.value().lists(signer_der)) {
    return untrusted("seal.signer_listed", "the signer's certificate is not in the seal's list");
  }
  auto signer = sm::X509Certificate::from_der(signer_der);
  if (!signer) return untrusted("seal.shape", "of the signer: " + signer.error().message);
  auto key = signer.value().public_key();
  if (!key) return untrusted("seal.algorithm", key.error().message);
  count_("verify", 1);
  if (auto made = sm::check_maker_signature(seal.value()); !made) return seal_error(made.error());
  auto maker = sm::X509Certificate::from_der(seal.value().maker_certificate);
  if (!maker) return untrusted("seal.shape", "of the seal maker: " + maker.error().message);
  auto signer_chain = chain_of(signer.value(), "signer");
  if (!signer_chain) return signer_chain.error();
  auto maker_chain = chain_of(maker.value(), "seal maker");
  if (!maker_chain) return maker_chain.error();
  return TrustedSeal{std::move(seal).value(), std::move(key).value(),
                     std::move(signer_chain).value(), std::move(maker_chain).value()};
}

Result<std::shared_ptr<const TrustedSeal>> TrustedSeals::check(std::string_view seal_der,
                                                               std::string_view signer_der) {
  // The bytes themselves are the key: comparing them costs less than a digest of them.
  std::string both(seal_der);
  both += signer_der;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = passed_.find(both); known != passed_.end()) return known->second;
  }
  auto examined = examine(seal_der, signer_der);
  if (!examined) return examined.error();
  auto made = std::make_shared<const TrustedSeal>(std::move(examined).value());
  const std::lock_guard lock(mutex_);
  if (passed_.size() >= kMostRemembered) passed_.clear();
  passed_.emplace(std::move(both), made);
  return made;
}

Result<void> TrustedSeals::check_revocation(const sm::X509Certificate& certificate,
                                            Timestamp sealed_at, Timestamp now) const {
  bool known = certificate.self_issued();
  for (const sm::RevocationList& list : settings_.revocations) {
    if (list.issuer_name() != certificate.issuer_name()) continue;
    const auto revoked = list.find(certificate.serial());
    if (revoked && (revoked->compromised || revoked->when <= sealed_at)) {
      return untrusted("seal.revocation",
                       "the certificate of " + certificate.subject() + " is revoked");
    }
    known = known || list.validity().covers(now);
  }
  if (known) return {};
  return Error::fault(
      "seal.revocation.unknown",
      "there is no fresh revocation list for the certificate of " + certificate.subject());
}

Result<void> TrustedSeals::check_times(const TrustedSeal& seal, Timestamp sealed_at,
                                       Timestamp now) const {
  for (const auto* chain : {&seal.signer_chain, &seal.maker_chain}) {
    if (auto valid = check_validity(*chain, sealed_at); !valid) return valid;
  }
  if (!seal.seal.validity.covers(sealed_at)) {
    return untrusted("seal.seal_validity",
                     "the seal " + seal.seal.id + " was not valid at the time of sealing");
  }
  if (sealed_at > now + kClockDifference) {
    return untrusted("seal.time", "the time of sealing lies in the future");
  }
  return {};
}

Result<void> TrustedSeals::check_revocations(const TrustedSeal& seal, Timestamp sealed_at,
                                             Timestamp now) const {
  for (const auto* chain : {&seal.signer_chain, &seal.maker_chain}) {
    for (const sm::X509Certificate& certificate : *chain) {
      if (auto good = check_revocation(certificate, sealed_at, now); !good) return good;
    }
  }
  return {};
}

}  // namespace certbridge::seal_service

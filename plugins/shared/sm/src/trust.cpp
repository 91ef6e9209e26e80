#include "certbridge_sm/x509.h"

namespace certbridge::sm {
namespace {

constexpr std::size_t kLongestChain = 5;

Error no_chain(const X509Certificate& certificate, const std::string& reason) {
  return Error::permanent("sm.chain", "the certificate of " + certificate.subject() + " " + reason);
}

}  // namespace

Result<TrustStore> TrustStore::parse(std::string_view pem) {
  auto certificates = X509Certificate::from_pem(pem);
  if (!certificates)
    return Error::fault("sm.trust", "trust anchors: " + certificates.error().message);
  TrustStore store;
  bool rooted = false;
  for (X509Certificate& certificate : certificates.value()) {
    if (!certificate.is_authority()) {
      return Error::fault("sm.trust", "the certificate of " + certificate.subject() +
                                          " among the trust anchors is not one of an authority");
    }
    rooted = rooted || (certificate.self_issued() && certificate.signed_by(certificate).ok());
    store.authorities_.push_back(std::move(certificate));
  }
  if (!rooted)
    return Error::fault("sm.trust",
                        "there is no self-signed SM2 authority among the trust anchors");
  return store;
}

Result<const X509Certificate*> TrustStore::issuer_of(const X509Certificate& certificate) const {
  bool named = false;
  for (const X509Certificate& candidate : authorities_) {
    if (candidate.subject_name() != certificate.issuer_name()) continue;
    named = true;
    if (certificate.signed_by(candidate).ok()) return &candidate;
  }
  return no_chain(certificate, named ? "names a trusted issuer that did not sign it by SM2"
                                     : "was issued by an authority that is not trusted");
}

Result<std::vector<X509Certificate>> TrustStore::chain_of(const X509Certificate& leaf) const {
  std::vector<X509Certificate> chain{leaf};
  while (chain.size() <= kLongestChain) {
    const X509Certificate& last = chain.back();
    if (last.has_unknown_critical_extension()) {
      return no_chain(last, "has a critical extension that is not understood");
    }
    auto issuer = issuer_of(last);
    if (!issuer) return issuer.error();
    const X509Certificate& found = *issuer.value();
    if (found.der() == last.der()) return chain;
    const int authorities_below = static_cast<int>(chain.size()) - 1;
    if (found.path_length() && *found.path_length() < authorities_below) {
      return no_chain(found, "allows fewer authorities below it");
    }
    chain.push_back(found);
    if (found.self_issued()) {
      if (auto own = found.signed_by(found); !own) return own.error();
      return chain;
    }
  }
  return no_chain(leaf, "has a chain that is too long");
}

}  // namespace certbridge::sm

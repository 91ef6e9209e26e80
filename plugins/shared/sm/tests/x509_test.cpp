#include "certbridge_sm/x509.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "authority.h"
#include "certbridge_sm/der.h"

namespace certbridge::sm {
namespace {

TEST(X509, ReadsWhatASignerNeeds) {
  const Leaf root = make_root("root");
  const Leaf leaf = make_leaf(request_for("南阳市 签章", 77), root);
  EXPECT_EQ(leaf.certificate.serial(), "4D");
  EXPECT_NE(leaf.certificate.subject().find("CN=南阳市 签章"), std::string::npos);
  EXPECT_TRUE(leaf.certificate.may_sign());
  EXPECT_FALSE(leaf.certificate.is_authority());
  EXPECT_TRUE(root.certificate.is_authority());
  EXPECT_FALSE(root.certificate.may_sign());
  EXPECT_TRUE(leaf.certificate.validity().covers(at_year(2030)));
  EXPECT_FALSE(leaf.certificate.validity().covers(at_year(2036)));
  EXPECT_TRUE(leaf.certificate.signed_by(root.certificate).ok());
  EXPECT_EQ(must(X509Certificate::from_pem(leaf.certificate.to_pem())).front().der(),
            leaf.certificate.der());
}

TEST(X509, KeyUsageIsReadFromTheCertificate) {
  const Leaf root = make_root("root");
  CertificateRequest request = request_for("encrypts only", 3);
  request.may_sign = false;
  EXPECT_FALSE(make_leaf(request, root).certificate.may_sign());
}

TEST(X509, OpensslVerifiesTheChainOnceTheIdentifierIsSet) {
  const Leaf root = make_root("root");
  const Leaf leaf = make_leaf(request_for("leaf", 2), root);
  const auto native = [](const X509Certificate& certificate) {
    const auto* cursor = reinterpret_cast<const unsigned char*>(certificate.der().data());
    return d2i_X509(nullptr, &cursor, static_cast<long>(certificate.der().size()));
  };
  X509* native_root = native(root.certificate);
  X509* native_leaf = native(leaf.certificate);
  EVP_PKEY* key = X509_get0_pubkey(native_root);
  EXPECT_NE(X509_verify(native_leaf, key), 1) << "the identifier is not set yet";
  ASN1_OCTET_STRING* id = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(id, reinterpret_cast<const unsigned char*>("1234567812345678"), 16);
  X509_set0_distinguishing_id(native_leaf, id);
  EXPECT_EQ(X509_verify(native_leaf, key), 1);
  X509_free(native_leaf);
  X509_free(native_root);
}

TEST(X509, RefusesACertificateSignedUnderTheEmptyIdentifier) {
  const Leaf root = make_root("root");
  CertificateRequest request = request_for("leaf", 2);
  request.signer_id = "";
  const auto verdict = make_leaf(request, root).certificate.signed_by(root.certificate);
  ASSERT_FALSE(verdict.ok());
  EXPECT_EQ(verdict.error().code, "sm.signature");
}

TEST(X509, RefusesEveryFlippedByte) {
  const Leaf root = make_root("root");
  const std::string der = make_leaf(request_for("leaf", 2), root).certificate.der();
  for (std::size_t i = 0; i < der.size(); ++i) {
    std::string altered = der;
    altered[i] = static_cast<char>(altered[i] ^ 0x01);
    auto parsed = X509Certificate::from_der(altered);
    EXPECT_FALSE(parsed.ok() && parsed.value().signed_by(root.certificate).ok()) << "byte " << i;
  }
}

TEST(X509, RefusesDamage) {
  const Leaf root = make_root("root");
  const std::string& der = root.certificate.der();
  EXPECT_FALSE(X509Certificate::from_der("").ok());
  EXPECT_FALSE(X509Certificate::from_der(der + "x").ok());
  EXPECT_FALSE(X509Certificate::from_der(der.substr(0, der.size() - 1)).ok());
  EXPECT_FALSE(X509Certificate::from_pem("nothing here").ok());
}

TEST(Trust, ChainsEndInASelfSignedAuthority) {
  const Leaf root = make_root("root");
  CertificateRequest middle_request = request_for("middle", 5);
  middle_request.authority = true;
  const Leaf middle = make_leaf(middle_request, root);
  const Leaf leaf = make_leaf(request_for("leaf", 6), middle);
  const TrustStore store =
      must(TrustStore::parse(root.certificate.to_pem() + middle.certificate.to_pem()));
  EXPECT_EQ(must(store.chain_of(leaf.certificate)).size(), 3U);
  const TrustStore rooted = must(TrustStore::parse(root.certificate.to_pem()));
  EXPECT_EQ(rooted.chain_of(leaf.certificate).error().code, "sm.chain");
}

TEST(Trust, RefusesStrangersNamesakesAndLeavesAsAuthorities) {
  const Leaf root = make_root("root");
  const Leaf namesake = make_root("root");
  const TrustStore store = must(TrustStore::parse(root.certificate.to_pem()));
  const Leaf stranger = make_leaf(request_for("leaf", 6), namesake);
  EXPECT_EQ(store.chain_of(stranger.certificate).error().code, "sm.chain");
  EXPECT_FALSE(store.chain_of(namesake.certificate).ok());
  const Leaf leaf = make_leaf(request_for("leaf", 7), root);
  EXPECT_EQ(TrustStore::parse(leaf.certificate.to_pem()).error().code, "sm.trust");
}

TEST(Revocation, ListsAreVerifiedOverTheirOwnBytes) {
  const Leaf root = make_root("root");
  const Leaf leaf = make_leaf(request_for("leaf", 99), root);
  const std::string pem = must(issue_revocation_list(
      root.certificate, root.key, {at_year(2026), at_year(2027)},
      {{leaf.certificate.serial(), at_year(2026), false}, {"ABCDEF", at_year(2026), true}}));
  const RevocationList list = must(RevocationList::from_pem(pem)).front();
  EXPECT_TRUE(list.signed_by(root.certificate).ok());
  EXPECT_EQ(list.issuer_name(), root.certificate.subject_name());
  ASSERT_TRUE(list.find(leaf.certificate.serial()).has_value());
  EXPECT_FALSE(list.find(leaf.certificate.serial())->compromised);
  EXPECT_TRUE(list.find("ABCDEF")->compromised);
  EXPECT_FALSE(list.find("01").has_value());
  EXPECT_FALSE(list.signed_by(make_root("root").certificate).ok());
  EXPECT_FALSE(RevocationList::from_pem("").ok());
  EXPECT_FALSE(RevocationList::from_pem(root.certificate.to_pem()).ok());
}

TEST(Pkcs12, GivesKeyAndCertificateBackForThePassphrase) {
  const Leaf root = make_root("root");
  const std::string bytes = must(write_pkcs12({root.key, root.certificate}, "open sesame"));
  const KeyWithCertificate pair = must(read_pkcs12(bytes, "open sesame"));
  EXPECT_EQ(pair.certificate.der(), root.certificate.der());
  EXPECT_EQ(pair.key.public_key().to_der(), root.key.public_key().to_der());
  EXPECT_EQ(read_pkcs12(bytes, "wrong").error().code, "sm.key_file");
  EXPECT_EQ(read_pkcs12("no store", "").error().code, "sm.key_file");
}

}  // namespace
}  // namespace certbridge::sm

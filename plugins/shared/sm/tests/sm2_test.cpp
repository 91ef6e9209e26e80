#include "certbridge_sm/sm2.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "certbridge_sm/der.h"
#include "hex.h"

namespace certbridge::sm {
namespace {

// The example of the standard's annex on the recommended curve.
const char* const kPrivate = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const char* const kPoint =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
const char* const kR = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3";
const char* const kS = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
const char* const kMessage = "message digest";

std::string spki_on(const char* curve) {
  return der::sequence({der::sequence({der::object_id("1.2.840.10045.2.1"), der::object_id(curve)}),
                        der::bit_string(unhex(kPoint))});
}

PublicKey example_public() {
  auto key = PublicKey::from_der(spki_on("1.2.156.10197.1.301"));
  EXPECT_TRUE(key.ok());
  return key.value();
}

PrivateKey example_private() {
  const std::string sec1 =
      der::sequence({der::integer(1), der::octet_string(unhex(kPrivate)),
                     der::element(der::kContext0, der::object_id("1.2.156.10197.1.301")),
                     der::element(0xA1, der::bit_string(unhex(kPoint)))});
  auto key = PrivateKey::from_der(sec1);
  EXPECT_TRUE(key.ok()) << (key.ok() ? "" : key.error().message);
  return key.value();
}

TEST(Sm2, VerifiesTheStandardsExample) {
  auto signature = der_from_raw(unhex(std::string(kR) + kS));
  ASSERT_TRUE(signature.ok());
  EXPECT_TRUE(sm2_verify(example_public(), kDefaultSignerId, kMessage, signature.value()).ok());
  EXPECT_FALSE(
      sm2_verify(example_public(), kDefaultSignerId, "message digesT", signature.value()).ok());
}

TEST(Sm2, SignsSoThatItVerifiesOnlyUnderTheSameIdentifier) {
  auto signature = sm2_sign(example_private(), kDefaultSignerId, kMessage);
  ASSERT_TRUE(signature.ok());
  EXPECT_TRUE(sm2_verify(example_public(), kDefaultSignerId, kMessage, signature.value()).ok());
  const auto empty = sm2_verify(example_public(), "", kMessage, signature.value());
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().code, "sm.signature");
  auto other = sm2_sign(example_private(), "application-7", kMessage);
  EXPECT_TRUE(sm2_verify(example_public(), "application-7", kMessage, other.value()).ok());
  EXPECT_FALSE(sm2_verify(example_public(), kDefaultSignerId, kMessage, other.value()).ok());
}

// OpenSSL's own default identifier is empty: what it makes without set1_id must not pass.
TEST(Sm2, RefusesWhatOpensslSignsWithoutIdentifier) {
  auto with_empty = sm2_sign(example_private(), "", kMessage);
  ASSERT_TRUE(with_empty.ok());
  EXPECT_FALSE(sm2_verify(example_public(), kDefaultSignerId, kMessage, with_empty.value()).ok());
}

// A key of type "EC" on the SM2 curve signs ECDSA with SM3; such a value must not pass for SM2.
TEST(Sm2, RefusesEcdsaOnTheSm2Curve) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> ec(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "SM2"), EVP_PKEY_free);
  ASSERT_NE(ec, nullptr);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_PKEY_CTX* parameters = nullptr;
  ASSERT_EQ(EVP_DigestSignInit(context.get(), &parameters, EVP_sm3(), nullptr, ec.get()), 1);
  EXPECT_NE(EVP_PKEY_CTX_set1_id(parameters, "1234567812345678", 16), 1) << "the trap is gone";
  unsigned char ecdsa[128];
  std::size_t size = sizeof ecdsa;
  ASSERT_EQ(EVP_DigestSign(context.get(), ecdsa, &size,
                           reinterpret_cast<const unsigned char*>(kMessage), 14),
            1);
  unsigned char* spki = nullptr;
  const int spki_size = i2d_PUBKEY(ec.get(), &spki);
  auto key =
      PublicKey::from_der({reinterpret_cast<char*>(spki), static_cast<std::size_t>(spki_size)});
  OPENSSL_free(spki);
  ASSERT_TRUE(key.ok()) << "a round trip through DER repairs the type";
  EXPECT_FALSE(
      sm2_verify(key.value(), kDefaultSignerId, kMessage, {reinterpret_cast<char*>(ecdsa), size})
          .ok());
}

TEST(Sm2, RefusesKeysOfOtherKinds) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> p256(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  unsigned char* spki = nullptr;
  const int size = i2d_PUBKEY(p256.get(), &spki);
  auto key = PublicKey::from_der({reinterpret_cast<char*>(spki), static_cast<std::size_t>(size)});
  OPENSSL_free(spki);
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, "sm.key");
  EXPECT_FALSE(PublicKey::from_der(spki_on("1.2.156.10197.1.301") + "x").ok());
  EXPECT_FALSE(PublicKey::from_der("").ok());
}

TEST(Sm2, PemKeysNeedTheirPassphraseAndNeverAsk) {
  auto key = PrivateKey::generate();
  ASSERT_TRUE(key.ok());
  EXPECT_FALSE(key.value().to_pem("").ok());
  auto pem = key.value().to_pem("open sesame");
  ASSERT_TRUE(pem.ok());
  auto back = PrivateKey::from_pem(pem.value(), "open sesame");
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().public_key().to_der(), key.value().public_key().to_der());
  for (const char* wrong : {"", "closed"}) {
    auto refused = PrivateKey::from_pem(pem.value(), wrong);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, "sm.key");
    EXPECT_EQ(refused.error().message.find("sesame"), std::string::npos);
  }
}

TEST(Sm2, RawFormIsPaddedOnTheLeft) {
  const std::string raw = std::string(31, '\0') + "\x01" + std::string(30, '\0') + "\x80\x02";
  auto der_form = der_from_raw(raw);
  ASSERT_TRUE(der_form.ok());
  EXPECT_EQ(hex(der_form.value()),
            "300802010102030080"
            "02");
  auto back = raw_from_der(der_form.value());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(hex(back.value()), hex(raw));
}

TEST(Sm2, RawFormRefusesWhatIsNoSignature) {
  for (const char* wrong : {"", "3000", "3003020101", "3006020101020180", "30060201010201010000",
                            "30090201010201010201"}) {
    EXPECT_EQ(raw_from_der(unhex(wrong)).error().code, "sm.signature_form") << wrong;
  }
  EXPECT_FALSE(der_from_raw(std::string(63, 'x')).ok());
  const std::string long_r =
      der::sequence({der::unsigned_integer(std::string(33, '\x11')), der::integer(1)});
  EXPECT_FALSE(raw_from_der(long_r).ok());
}

TEST(Sm2, ManySignaturesComeBackFromTheRawForm) {
  const PrivateKey key = example_private();
  for (int i = 0; i < 200; ++i) {
    const std::string message = "message " + std::to_string(i);
    auto signature = sm2_sign(key, kDefaultSignerId, message);
    auto raw = raw_from_der(signature.value());
    ASSERT_TRUE(raw.ok());
    ASSERT_EQ(raw.value().size(), 64U);
    EXPECT_EQ(der_from_raw(raw.value()).value(), signature.value());
  }
}

}  // namespace
}  // namespace certbridge::sm

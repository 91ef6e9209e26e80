#include "certbridge_sm/ses.h"

#include "authority.h"
#include "certbridge_sm/der.h"
#include "certbridge_sm/sm3.h"

namespace certbridge::sm {
namespace {

struct Fixture {
  Leaf root = make_root("root");
  Leaf maker = make_leaf(request_for("maker", 2), root);
  Leaf signer = make_leaf(request_for("signer", 3), root);

  SealDescription description(bool digests = false) const {
    return {.id = "41130000000001",
            .vendor = "CERTBRIDGE",
            .name = "测试专用章",
            .signers = {signer.certificate.der()},
            .list_digests = digests,
            .created = at_year(2026),
            .validity = {at_year(2026), at_year(2030)},
            .picture = {"PNG", "not really a picture", 40, 40}};
  }
  std::string seal(bool digests = false) const {
    return must(make_seal(description(digests), maker.key, maker.certificate.der()));
  }
  std::string signature() const {
    const std::string to_be_signed = write_to_be_signed(seal(), at_year(2027), sm3("Signature.xml"),
                                                        "/Doc_0/Signs/Sign_0/Signature.xml");
    return write_seal_signature(to_be_signed, signer.certificate.der(),
                                must(sm2_sign(signer.key, kDefaultSignerId, to_be_signed)));
  }
};

TEST(Ses, ASealReadsBackInBothListForms) {
  const Fixture fixture;
  for (const bool digests : {false, true}) {
    const std::string der = fixture.seal(digests);
    const Seal seal = must(parse_seal(der));
    EXPECT_EQ(seal.id, "41130000000001");
    EXPECT_EQ(seal.name, "测试专用章");
    EXPECT_EQ(seal.picture.width, 40);
    EXPECT_EQ(seal.picture.data, "not really a picture");
    EXPECT_EQ(seal.validity.not_after, at_year(2030));
    EXPECT_EQ(seal.signers.size(), digests ? 0U : 1U);
    EXPECT_TRUE(seal.lists(fixture.signer.certificate.der()));
    EXPECT_FALSE(seal.lists(fixture.maker.certificate.der()));
    EXPECT_TRUE(check_maker_signature(seal).ok());
  }
}

TEST(Ses, ASealSignatureReadsBack) {
  const Fixture fixture;
  const SealSignature value = must(parse_seal_signature(fixture.signature()));
  EXPECT_TRUE(parse_seal(value.seal_der).ok());
  EXPECT_EQ(value.time, at_year(2027));
  EXPECT_EQ(value.data_hash, bytes_of(sm3("Signature.xml")));
  EXPECT_EQ(value.property_info, "/Doc_0/Signs/Sign_0/Signature.xml");
  EXPECT_EQ(value.signer_certificate, fixture.signer.certificate.der());
  EXPECT_TRUE(sm2_verify(fixture.signer.key.public_key(), kDefaultSignerId, value.to_be_signed,
                         value.signature)
                  .ok());
}

TEST(Ses, EveryFlippedByteOfASealIsRefused) {
  const Fixture fixture;
  const std::string der = fixture.seal();
  for (std::size_t i = 0; i < der.size(); ++i) {
    std::string altered = der;
    altered[i] = static_cast<char>(altered[i] ^ 0x01);
    auto seal = parse_seal(altered);
    if (!seal || !check_maker_signature(seal.value()).ok()) continue;
    // Only the maker's certificate lies outside of what he signed; the chain check sees to it.
    const TrustStore store = must(TrustStore::parse(fixture.root.certificate.to_pem()));
    auto maker = X509Certificate::from_der(seal.value().maker_certificate);
    EXPECT_FALSE(maker.ok() && store.chain_of(maker.value()).ok()) << "byte " << i;
  }
}

TEST(Ses, VersionOneIsRecognisedAndRefused) {
  const std::string info =
      der::sequence({der::sequence({der::ia5("ES"), der::integer(1), der::ia5("v")})});
  const std::string seal = der::sequence({info, der::sequence({der::octet_string("c")})});
  EXPECT_EQ(parse_seal(seal).error().code, "ses.version");
  EXPECT_EQ(
      parse_seal_signature(der::sequence({der::sequence({}), der::bit_string("s")})).error().code,
      "ses.version");
}

TEST(Ses, VersionFiveIsRecognisedAndRefused) {
  const Fixture fixture;
  std::string der = fixture.seal();
  const std::string header = der::ia5("ES") + der::integer(4);
  der.replace(der.find(header), header.size(), der::ia5("ES") + der::integer(5));
  const auto refused = parse_seal(der);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "ses.version");
  EXPECT_NE(refused.error().message.find("version 5"), std::string::npos);
}

TEST(Ses, OtherAlgorithmsAreRefused) {
  const Fixture fixture;
  const Seal seal = must(parse_seal(fixture.seal()));
  const std::string other = der::sequence({seal.info_der, der::octet_string(seal.maker_certificate),
                                           der::object_id("1.2.840.113549.1.1.11"),
                                           der::bit_string(seal.maker_signature)});
  EXPECT_EQ(parse_seal(other).error().code, "ses.algorithm");
}

TEST(Ses, VendorsUntaggedExtensionsWithExplicitFalseAreTaken) {
  const Fixture fixture;
  const Seal seal = must(parse_seal(fixture.seal()));
  der::Reader info(seal.info_der);
  const std::string inside(must(info.only(der::kSequence)).content);
  const auto with = [&](std::string_view critical) {
    const std::string extension = der::sequence(
        {der::sequence({der::object_id("1.2.3.4"), der::element(der::kBoolean, critical),
                        der::octet_string("x")})});
    const std::string extended = der::element(der::kSequence, inside + extension);
    return der::sequence({extended, der::octet_string(seal.maker_certificate),
                          der::object_id(kSm2WithSm3), der::bit_string(seal.maker_signature)});
  };
  EXPECT_TRUE(parse_seal(with(std::string_view("\0", 1))).ok());
  EXPECT_EQ(parse_seal(with("\xFF")).error().code, "ses.shape");
}

TEST(Ses, ATimeStampIsKeptForTheVerifier) {
  const Fixture fixture;
  std::string der = fixture.signature();
  der::Reader reader(der);
  const std::string content(must(reader.only(der::kSequence)).content);
  const std::string stamped = der::element(
      der::kSequence, content + der::element(der::kContext0, der::bit_string("token")));
  EXPECT_EQ(must(parse_seal_signature(stamped)).time_stamp, "token");
  EXPECT_FALSE(must(parse_seal_signature(der)).time_stamp.has_value());
}

TEST(Ses, RefusesShapes) {
  const Fixture fixture;
  EXPECT_EQ(parse_seal("").error().code, "ses.shape");
  EXPECT_EQ(parse_seal(fixture.seal() + "x").error().code, "ses.shape");
  SealDescription nobody = fixture.description();
  nobody.signers.clear();
  EXPECT_EQ(parse_seal(must(make_seal(nobody, fixture.maker.key, "c"))).error().code, "ses.shape");
  SealDescription flat = fixture.description();
  flat.picture.height = 0;
  EXPECT_EQ(parse_seal(must(make_seal(flat, fixture.maker.key, "c"))).error().code, "ses.shape");
}

}  // namespace
}  // namespace certbridge::sm

// What the seal gate lets pass, what it refuses, and what its verdict leaves open.
#include <gtest/gtest.h>

#include "components_fixture.h"

namespace certbridge::seal_service {
namespace {

TEST_F(Components, TheGateSaysWhatItsVerdictLeavesOpen) {
  FakeContext without(kManifest, "gate", trust_options());
  auto gate = make_gate(prepared(without));
  ASSERT_TRUE(gate->start().ok());
  ASSERT_EQ(without.logger().entries().size(), 1U);
  EXPECT_EQ(without.logger().entries().front().event, "seal_gate.checks_not_made");
  auto passed = gate->process(certificate(sealed_by(0)), call());
  ASSERT_TRUE(passed.ok()) << passed.error().message;
  EXPECT_EQ(passed.value().front().headers.at("checks-not-made"), "revocation");

  write(folder_ / "revocations.pem", world_.revocations_pem);
  Options options = trust_options();
  options["revocations"] = (folder_ / "revocations.pem").string();
  FakeContext with(kManifest, "gate", options);
  gate = make_gate(prepared(with));
  ASSERT_TRUE(gate->start().ok());
  EXPECT_TRUE(with.logger().entries().empty());
  Message claimed = certificate(sealed_by(0));
  claimed.headers["checks-not-made"] = "everything";
  passed = gate->process(claimed, call());
  ASSERT_TRUE(passed.ok()) << passed.error().message;
  EXPECT_FALSE(passed.value().front().headers.contains("checks-not-made"));
}

TEST_F(Components, TheGateRefusesValidSealsOfOthersAndOtherCertificates) {
  FakeContext context(kManifest, "gate", trust_options());
  const auto gate = make_gate(prepared(context));
  ASSERT_TRUE(gate->start().ok());
  const auto refusal = [&](const Message& message) {
    auto result = gate->process(message, call());
    EXPECT_FALSE(result.ok());
    if (result.ok()) return std::string();
    context.expect_declared(result.error());
    return result.error().code;
  };
  ASSERT_TRUE(gate->process(certificate(sealed_by(0)), call()).ok());
  EXPECT_EQ(refusal(certificate(sealed_by(1))), "seal_gate.other_seal");
  Message other = certificate(sealed_by(0));
  other.headers["identifier"] = "another";
  EXPECT_EQ(refusal(other), "seal_gate.other_certificate");
  other.headers.erase("identifier");
  EXPECT_EQ(refusal(other), "seal_gate.other_certificate");
  other = certificate(sealed_by(0));
  other.headers["type-code"] = "11100000MB03271699022";
  EXPECT_EQ(refusal(other), "seal_gate.issuer");
  // The seal of a county on a certificate of the city, under the county's name.
  other = certificate(sealed_by(1));
  other.headers["issuer-code"] = kZhenping;
  EXPECT_EQ(refusal(other), "seal_gate.other_certificate");
  EXPECT_EQ(refusal(certificate(testing::seal_again(sealed_by_open(0), world_.good[0], kNow))),
            "seal_gate.seal_count");
  // A file is one by its name too.
  other = certificate(sealed_by(0));
  other.attachments.front().media_type = "application/octet-stream";
  EXPECT_TRUE(gate->process(other, call()).ok());
  other = certificate(pack(testing::sample_document()));
  other.attachments.front().media_type = "application/octet-stream";
  EXPECT_EQ(refusal(other), "seal.missing");
  other = certificate(sealed_by(0));
  other.attachments.clear();
  EXPECT_EQ(refusal(other), "seal_gate.no_file");
  EXPECT_EQ(refusal(certificate(pack(testing::sample_document()))), "seal.missing");
}

}  // namespace
}  // namespace certbridge::seal_service

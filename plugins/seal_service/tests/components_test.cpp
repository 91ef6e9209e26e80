// Sealer, gate and verifier together.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "components_fixture.h"

namespace certbridge::seal_service {
namespace {

TEST_F(Components, WhatTheSealerSealsTheGateLetsPassUnchanged) {
  FakeContext sealer_context(kManifest, "sealer", local_options());
  const auto sealer = make_sealer(prepared(sealer_context), false);
  ASSERT_TRUE(sealer->start().ok());
  auto sealed = sealer->process(certificate(pack(testing::sample_document())), call());
  ASSERT_TRUE(sealed.ok()) << sealed.error().message;
  const Message& out = sealed.value().front();
  EXPECT_EQ(out.headers.at("seal-id"), "41130000000001");
  EXPECT_EQ(out.headers.at("sealed-by"), "nanyang");
  EXPECT_EQ(out.headers.at("sealed-at"), "2026-11-24T08:00:00Z");
  EXPECT_EQ(out.headers.at("file-digest"),
            to_hex(sm::sm3_of(*out.attachments.front().content).value()));
  EXPECT_EQ(sealer_context.metrics().value("sm2_operations"), 1.0);

  FakeContext gate_context(kManifest, "gate", trust_options());
  const auto gate = make_gate(prepared(gate_context));
  ASSERT_TRUE(gate->start().ok());
  auto passed = gate->process(out, call());
  ASSERT_TRUE(passed.ok()) << passed.error().message;
  Message expected = out;
  expected.headers["checks-not-made"] = "revocation";
  EXPECT_EQ(passed.value().front().headers, expected.headers);
  EXPECT_EQ(passed.value().front().attachments.front().digest, out.attachments.front().digest);
}

TEST_F(Components, TheSealerRefusesWhatItCannotSeal) {
  FakeContext context(kManifest, "sealer", local_options());
  const auto sealer = make_sealer(prepared(context), false);
  ASSERT_TRUE(sealer->start().ok());
  const auto refusal = [&](const Message& message) {
    auto result = sealer->process(message, call());
    EXPECT_FALSE(result.ok());
    if (result.ok()) return std::string();
    context.expect_declared(result.error());
    return result.error().code;
  };
  EXPECT_EQ(refusal(certificate(sealed_by(0))), "sealer.already_sealed");
  EXPECT_EQ(refusal(certificate("no package")), "seal.package");
  Message other = certificate(pack(testing::sample_document()));
  other.headers["issuer-code"] = kZhenping;
  EXPECT_EQ(refusal(other), "sealer.no_such_seal");
  other.headers["issuer-code"] = "nobody";
  EXPECT_EQ(refusal(other), "sealer.no_seal");
  other = certificate(pack(testing::sample_document()));
  other.headers.erase("seal-box");
  EXPECT_EQ(refusal(other), "sealer.box");
  other.attachments.clear();
  EXPECT_EQ(refusal(other), "sealer.no_file");
}

TEST_F(Components, AWrongPassphraseIsAFaultAtTheStart) {
  Options options = local_options();
  options["passphrase"] = "wrong";
  FakeContext context(kManifest, "sealer", options);
  const auto refused = make_sealer(prepared(context), false)->start();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "sealer.signers");
  context.expect_declared(refused.error());
}

TEST_F(Components, TheVerifierReportsEveryCheck) {
  FakeContext context(kManifest, "verifier", trust_options());
  const auto verifier = make_verifier(prepared(context));
  ASSERT_TRUE(verifier->start().ok());
  Message question;
  question.type = "ofd.verify";
  question.body = content_of(sealed_by(0));
  auto answer = verifier->answer(question, call());
  ASSERT_TRUE(answer.ok());
  const auto report = boost::json::parse(read_all(*answer.value().body, 1 << 20).value());
  EXPECT_EQ(report.at("verdict").as_string(), "valid");
  EXPECT_EQ(report.at("identifier").as_string(), testing::kSampleIdentifier);
  for (const auto& check : report.at("checks").as_array()) {
    const bool open = check.at("check").as_string() == "revocation";
    EXPECT_EQ(check.at("outcome").as_string(), open ? "not-made" : "passed") << check;
    EXPECT_EQ(check.as_object().contains("detail"), open);
  }
  EXPECT_EQ(report.at("seals").as_array().at(0).at("seal").as_string(), "41130000000001");
  EXPECT_EQ(report.at("seals").as_array().at(0).at("sealed-at").as_string(),
            "2026-11-24T08:00:00Z");
  question.type = "other";
  EXPECT_EQ(verifier->answer(question, call()).error().code, "seal_verifier.question");
}

}  // namespace
}  // namespace certbridge::seal_service

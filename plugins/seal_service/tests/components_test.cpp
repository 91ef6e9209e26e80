#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "certbridge/testing/fake_context.h"
#include "certbridge_sm/base64.h"
#include "certbridge_sm/sm3.h"
#include "components.h"
#include "testing/corpus.h"

namespace certbridge::seal_service {
namespace {

namespace fs = std::filesystem;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeResponder;
using certbridge::testing::Options;

const Timestamp kNow =
    Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + std::chrono::hours(8);
const char* const kNanyang = "11411300MB1T000091";
const char* const kZhenping = "11411324MB1T00009R";
const char* const kType = "11100000MB03271699001";
const std::string kManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/seal_service/plugin.xml";

void write(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

IssuerDirectory issuers() {
  Issuer nanyang{.name = "南阳市", .code = kNanyang};
  nanyang.seals = {{"41130000000001", {kType}, "nanyang"}};
  Issuer zhenping{.name = "镇平县", .code = kZhenping};
  zhenping.seals = {{"41132400000001", {kType}, "zhenping"}};
  return IssuerDirectory({nanyang, zhenping});
}

class Components : public ::testing::Test {
 protected:
  Components() {
    fs::create_directories(folder_);
    const auto& signer = world_.good.front();
    write(folder_ / "trust.pem", world_.trust_pem);
    write(folder_ / "nanyang.p12",
          sm::write_pkcs12({signer.signer.key, signer.signer.certificate}, "open sesame").value());
    write(folder_ / "nanyang.esl", signer.seal);
    write(
        folder_ / "signers.xml",
        "<signers xmlns=\"urn:certbridge:signers:1\"><signer name=\"nanyang\" key=\"nanyang.p12\">"
        "<seal id=\"41130000000001\" file=\"nanyang.esl\"/></signer></signers>");
  }
  ~Components() override { fs::remove_all(folder_); }

  FakeContext& prepared(FakeContext& context) {
    context.set_issuers(issuers());
    context.mutable_clock().set(kNow);
    return context;
  }
  Options local_options() const {
    return {{"signers", (folder_ / "signers.xml").string()}, {"passphrase", "open sesame"}};
  }
  Options trust_options() const { return {{"trust", (folder_ / "trust.pem").string()}}; }

  static Message certificate(const std::string& file) {
    Message message;
    message.type = "certificate.issue";
    message.headers = {{"issuer-code", kNanyang},
                       {"type-code", kType},
                       {"identifier", "sample-identifier"},
                       {"seal-page-id", "1"},
                       {"seal-box", "130 200 40 40"}};
    message.order_keys = {{"certificate", "one"}};
    message.attachments = {{kOfdName, kOfdMediaType, file.size(), sm::sm3(file), content_of(file)}};
    return message;
  }
  static Call call() {
    Call made;
    made.step_key = "m1/seal";
    return made;
  }
  std::string sealed_by(std::size_t signer) const {
    return seal_sample(testing::sample_document(), testing::sample_stamp(), world_.good[signer],
                       kNow, true);
  }

  testing::World world_ =
      testing::make_world(
          {{"41130000000001", "南阳市", "nanyang"}, {"41132400000001", "镇平县", "zhenping"}}, kNow)
          .value();
  fs::path folder_ =
      fs::temp_directory_path() / ("seal_components_" + std::to_string(::getpid()) + "_" +
                                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

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
  EXPECT_EQ(passed.value().front().headers, out.headers);
  EXPECT_EQ(passed.value().front().attachments.front().digest, out.attachments.front().digest);
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
  other.attachments.clear();
  EXPECT_EQ(refusal(other), "seal_gate.no_file");
  EXPECT_EQ(refusal(certificate(pack(testing::sample_document()))), "seal.missing");
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
  EXPECT_EQ(report.at("identifier").as_string(), "sample-identifier");
  EXPECT_EQ(report.at("seals").as_array().at(0).at("seal").as_string(), "41130000000001");
  EXPECT_EQ(report.at("seals").as_array().at(0).at("sealed-at").as_string(),
            "2026-11-24T08:00:00Z");
  question.type = "other";
  EXPECT_EQ(verifier->answer(question, call()).error().code, "seal_verifier.question");
}

// A seal service in a few lines: signs what it is sent and remembers the bytes for each request.
class RemoteComponents : public Components {
 protected:
  RemoteComponents() {
    prepared(context_);
    context_.lend("seal-http", http_);
    http_.answers_with([this](const Message& question, const Call&) { return serve(question); });
  }

  Result<Message> serve(const Message& question) {
    EXPECT_EQ(question.headers.at("http-header-authorization"), "Bearer token");
    if (fail_) return Error::retryable("http.timeout", "no answer");
    boost::json::object out{{"code", code_}};
    const auto& signer = world_.good.front();
    if (question.headers.at("http-method") == "GET") {
      out["code"] = "0";
      out["seal"] = sm::base64_encode(signer.seal);
    } else {
      const auto asked = boost::json::parse(read_all(*question.body, 1 << 20).value());
      const std::string bytes =
          sm::base64_decode(std::string(asked.at("toBeSigned").as_string())).value();
      asked_.emplace_back(std::string(asked.at("requestId").as_string()), bytes);
      out["signature"] = sm::base64_encode(
          sm::sm2_sign(signer.signer.key, sm::kDefaultSignerId, bytes + garble_).value());
      out["certificate"] = sm::base64_encode(signer.signer.certificate.der());
      if (lose_answer_) return Error::retryable("http.timeout", "no answer");
    }
    Message answer;
    answer.headers = {{"http-status", status_}};
    answer.body = content_of(not_json_ ? "<html>" : boost::json::serialize(out));
    return answer;
  }

  FakeContext context_{kManifest, "remote-sealer", {{"token", "token"}}};
  FakeResponder http_{};
  std::unique_ptr<Processor> sealer_ = make_sealer(context_, true);
  std::vector<std::pair<std::string, std::string>> asked_{};
  std::string code_ = "0";
  std::string status_ = "200";
  std::string garble_{};
  bool fail_ = false;
  bool lose_answer_ = false;
  bool not_json_ = false;
};

TEST_F(RemoteComponents, ALostAnswerIsAskedForAgainWithTheSameBytes) {
  ASSERT_TRUE(sealer_->start().ok());
  const Message message = certificate(pack(testing::sample_document()));
  lose_answer_ = true;
  auto lost = sealer_->process(message, call());
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, "seal_service.transport");
  EXPECT_EQ(lost.error().severity, Severity::kRetryable);
  lose_answer_ = false;
  context_.mutable_clock().advance(std::chrono::minutes(5));
  context_.memory().forget(call().step_key);  // the process died before the commit
  ASSERT_TRUE(sealer_->process(message, call()).ok());
  ASSERT_EQ(asked_.size(), 2U);
  EXPECT_EQ(asked_[0], asked_[1]);
  EXPECT_EQ(asked_[0].first, "m1/seal");
}

TEST_F(RemoteComponents, TheServicesCodesAreSortedByWhatCanBeDone) {
  ASSERT_TRUE(sealer_->start().ok());
  struct Case {
    const char* code;
    const char* error;
    Severity severity;
  };
  const Case cases[] = {{"401", "seal_service.token", Severity::kFault},
                        {"404", "sealer.no_such_seal", Severity::kPermanent},
                        {"409", "seal_service.request_conflict", Severity::kPermanent},
                        {"423", "seal_service.suspended", Severity::kFault},
                        {"503", "seal_service.busy", Severity::kRetryable},
                        {"777", "seal_service.refused", Severity::kPermanent}};
  for (const Case& one : cases) {
    code_ = one.code;
    auto refused = sealer_->process(certificate(pack(testing::sample_document())), call());
    ASSERT_FALSE(refused.ok()) << one.code;
    EXPECT_EQ(refused.error().code, one.error);
    EXPECT_EQ(refused.error().severity, one.severity) << one.code;
    context_.expect_declared(refused.error());
  }
}

TEST_F(RemoteComponents, AnswersAreNotBelievedUnseen) {
  ASSERT_TRUE(sealer_->start().ok());
  const Message message = certificate(pack(testing::sample_document()));
  garble_ = "x";
  EXPECT_EQ(sealer_->process(message, call()).error().code, "seal_service.wrong_signature");
  garble_ = "";
  not_json_ = true;
  EXPECT_EQ(sealer_->process(message, call()).error().code, "seal_service.answer");
  status_ = "502";
  EXPECT_EQ(sealer_->process(message, call()).error().code, "seal_service.status");
  status_ = "429";
  EXPECT_EQ(sealer_->process(message, call()).error().code, "seal_service.busy");
  fail_ = true;
  EXPECT_EQ(sealer_->process(message, call()).error().code, "seal_service.transport");
}

}  // namespace
}  // namespace certbridge::seal_service

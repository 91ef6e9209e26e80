// The remote sealer against a scripted seal service: answers that the sandbox's does not give.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "certbridge_sm/base64.h"
#include "components_fixture.h"

namespace certbridge::seal_service {
namespace {

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
      out["seal"] = sm::base64_encode(seal_ == nullptr ? signer.seal : *seal_);
    } else {
      const auto asked = boost::json::parse(read_all(*question.body, 1 << 20).value());
      const std::string bytes =
          sm::base64_decode(std::string(asked.at("toBeSigned").as_string())).value();
      asked_.emplace_back(std::string(asked.at("requestId").as_string()), bytes);
      if (seal_ != nullptr && bytes.find(*seal_) == std::string::npos) out["code"] = "400";
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
  const std::string* seal_ = nullptr;  // the seal that the service holds; the good one if null
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
  EXPECT_TRUE(asked_[0].first.starts_with("m1/seal/")) << asked_[0].first;
}

TEST_F(RemoteComponents, ARenewedSealIsFetchedAfresh) {
  ASSERT_TRUE(sealer_->start().ok());
  const Message message = certificate(pack(testing::sample_document()));
  ASSERT_TRUE(sealer_->process(message, call()).ok());
  seal_ = &world_.bad.at("digest-list").seal;  // another seal of the same number and signer
  auto renewed = sealer_->process(message, call());
  ASSERT_TRUE(renewed.ok()) << renewed.error().message;
  ASSERT_EQ(asked_.size(), 3U);
  EXPECT_EQ(asked_[0].first, asked_[1].first) << "as it was remembered";
  EXPECT_NE(asked_[1].first, asked_[2].first) << "other bytes are another request";
}

TEST_F(RemoteComponents, ASignerThatTheSealDoesNotListIsNotBelieved) {
  ASSERT_TRUE(sealer_->start().ok());
  seal_ = &world_.bad.at("revoked").seal;  // lists another certificate
  auto refused = sealer_->process(certificate(pack(testing::sample_document())), call());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "seal_service.wrong_signature");
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

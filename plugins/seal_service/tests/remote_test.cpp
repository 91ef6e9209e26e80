// The remote sealer over the real HTTP client against the sandbox's seal service, which shares no
// code with us and can be told to misbehave.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>
#include <thread>

#include "certbridge/testing/memory_content.h"
#include "client.h"
#include "components_fixture.h"
#include "sandbox_server.h"

namespace certbridge::seal_service {
namespace {

using namespace std::chrono_literals;
using certbridge::testing::SandboxServer;

const std::string kRoot = CERTBRIDGE_SOURCE_DIR;
const std::string kPassphrase = "open sesame";

// A folder as certbridge-testca writes it, with one signer and his seal.
class AuthorityFolder {
 public:
  AuthorityFolder() {
    const auto& good = world_.good.front();
    write(path_ / "trust.pem", world_.trust_pem);
    write(path_ / "key.pem", good.signer.key.to_pem(kPassphrase).value());
    write(path_ / "certificate.pem", good.signer.certificate.to_pem());
    write(path_ / "seal.esl", good.seal);
    write(path_ / "signers.xml",
          "<signers xmlns=\"urn:certbridge:signers:1\"><signer name=\"nanyang\" key=\"key.pem\" "
          "certificate=\"certificate.pem\"><seal id=\"41130000000001\" file=\"seal.esl\"/>"
          "</signer></signers>");
  }
  ~AuthorityFolder() { fs::remove_all(path_); }
  AuthorityFolder(const AuthorityFolder&) = delete;
  AuthorityFolder& operator=(const AuthorityFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  testing::World world_ =
      testing::make_world({{"41130000000001", "南阳市", "nanyang"}}, kNow).value();
  fs::path path_ = fresh_folder();
};

class RemoteSeal : public ::testing::Test {
 protected:
  RemoteSeal() {
    signal(SIGPIPE, SIG_IGN);  // as the host does
    EXPECT_TRUE(client_->start());
    prepare(context_);
    EXPECT_TRUE(sealer_->start());
  }
  ~RemoteSeal() override { client_->stop(); }

  void prepare(FakeContext& context) {
    context.set_issuers(issuers());
    context.mutable_clock().set(kNow);
    context.lend("seal-http", *client_);
  }
  static Message certificate(const std::string& note) {
    Package document = testing::sample_document();
    *document.find("Doc_0/Attachs/record.xml") = "<record>" + note + "</record>";
    const std::string file = pack(std::move(document));
    Message message;
    message.type = "certificate.issue";
    message.headers = {{"issuer-code", kNanyang},
                       {"type-code", kType},
                       {"identifier", testing::kSampleIdentifier},
                       {"seal-page-id", "1"},
                       {"seal-box", "130 200 40 40"}};
    message.order_keys = {{"certificate", note}};
    message.attachments = {{kOfdName, kOfdMediaType, file.size(), sm::sm3(file), content_of(file)}};
    return message;
  }
  Result<std::string> seal(const Message& message, const std::string& step,
                           std::chrono::milliseconds patience) {
    auto sealed = sealer_->process(message, certbridge::testing::call_of(step + "/seal", patience));
    if (!sealed) {
      context_.expect_declared(sealed.error());
      return sealed.error();
    }
    return read_all(*sealed.value().front().attachments.front().content, 1 << 20);
  }
  Result<std::string> seal(const Message& message, const std::string& step) {
    return seal(message, step, 20s);
  }

  std::string ask(const char* method, const std::string& path, const std::string& body) {
    Message question = certbridge::testing::message_of("http.request", "application/json", body);
    question.headers = {{"http-method", method}, {"http-path", path}};
    auto answer = client_->answer(question, certbridge::testing::call_of("t", 20s));
    return answer ? certbridge::testing::body_of(answer.value()) : answer.error().message;
  }
  void misbehave(const std::string& kind, int times, int milliseconds) {
    ask("POST", "/sandbox/faults",
        R"({"path":"/seal/v1/sign","kind":")" + kind + R"(","times":)" + std::to_string(times) +
            R"(,"milliseconds":)" + std::to_string(milliseconds) + "}");
  }
  std::size_t signatures() {
    return boost::json::parse(ask("GET", "/sandbox/signed", "")).at("signed").as_array().size();
  }
  std::int64_t violations() {
    return boost::json::parse(ask("GET", "/sandbox/violations", "")).at("count").as_int64();
  }
  // By our verifier and by the sandbox's.
  void expect_good(const std::string& file) {
    FakeContext context(kManifest, "verifier",
                        {{"trust", (folder_.path() / "trust.pem").string()}});
    context.mutable_clock().set(kNow);
    const auto verifier = make_verifier(context);
    ASSERT_TRUE(verifier->start());
    auto answer =
        verifier->answer(certbridge::testing::message_of("ofd.verify", kOfdMediaType, file),
                         certbridge::testing::call_of("v", 20s));
    ASSERT_TRUE(answer.ok());
    const auto report = boost::json::parse(certbridge::testing::body_of(answer.value()));
    EXPECT_EQ(report.at("verdict").as_string(), "valid") << report;
    const fs::path path = folder_.path() / "sealed.ofd";
    write(path, file);
    EXPECT_TRUE(certbridge::testing::run_sandbox(
        {"verify", path.string(), "--trust", (folder_.path() / "trust.pem").string()}));
  }

  AuthorityFolder folder_{};
  SandboxServer server_{{"seal-service", "--signers", (folder_.path() / "signers.xml").string(),
                         "--passphrase", kPassphrase}};
  FakeContext http_{kRoot + "/adapters/http/plugin.xml", "client", {{"base-url", server_.url()}}};
  std::unique_ptr<Responder> client_ = http::make_client(http_).value();
  FakeContext context_{kManifest, "remote-sealer", {{"token", "sandbox-seal-token"}}};
  std::unique_ptr<Processor> sealer_ = make_sealer(context_, true);
};

TEST_F(RemoteSeal, BothVerifiersTakeWhatTheServiceSigned) {
  auto sealed = seal(certificate("one"), "m1");
  ASSERT_TRUE(sealed.ok()) << sealed.error().message;
  expect_good(sealed.value());
  EXPECT_EQ(signatures(), 1U);
  EXPECT_EQ(violations(), 0);
}

TEST_F(RemoteSeal, TheSameStepGivesTheSameSealHoweverOftenItIsAsked) {
  const Message message = certificate("one");
  misbehave("drop-after", 1, 0);
  auto lost = seal(message, "m1");
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, "seal_service.transport");
  context_.mutable_clock().advance(std::chrono::minutes(5));
  context_.memory().forget("m1/seal");  // the process died before its own commit
  auto first = seal(message, "m1");
  ASSERT_TRUE(first.ok()) << first.error().message;
  context_.mutable_clock().advance(std::chrono::minutes(5));
  auto second = seal(message, "m1");
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(first.value(), second.value()) << "two different seals for one step";
  EXPECT_EQ(signatures(), 1U);
  EXPECT_EQ(violations(), 0);
}

TEST_F(RemoteSeal, ARecordThatWasReadAgainIsSealedAnew) {
  ASSERT_TRUE(seal(certificate("one"), "m1").ok());
  auto changed = seal(certificate("corrected"), "m1");
  ASSERT_TRUE(changed.ok()) << changed.error().message;
  expect_good(changed.value());
  EXPECT_EQ(signatures(), 2U) << "the first was never handed on";
  EXPECT_EQ(violations(), 0);
}

TEST_F(RemoteSeal, FailuresOfTheServiceAreRetryableAndSealOnce) {
  const std::pair<const char*, const char*> cases[] = {{"drop-before", "seal_service.transport"},
                                                       {"down", "seal_service.transport"},
                                                       {"fail", "seal_service.status"},
                                                       {"garble", "seal_service.answer"},
                                                       {"busy", "seal_service.busy"},
                                                       {"throttle", "seal_service.busy"}};
  std::size_t sealed = 0;
  for (const auto& [kind, code] : cases) {
    const std::string step = std::string("m-") + kind;
    const Message message = certificate(kind);
    misbehave(kind, 1, 0);
    auto failed = seal(message, step);
    ASSERT_FALSE(failed.ok()) << kind;
    EXPECT_EQ(failed.error().code, code) << kind;
    EXPECT_EQ(failed.error().severity, Severity::kRetryable) << kind;
    auto again = seal(message, step);
    ASSERT_TRUE(again.ok()) << kind << ": " << again.error().message;
    EXPECT_EQ(signatures(), ++sealed) << kind;
  }
}

TEST_F(RemoteSeal, ASlowServiceIsGivenUpAndAskedAgain) {
  const Message message = certificate("one");
  ASSERT_TRUE(seal(certificate("warm up"), "m0").ok());  // the seal itself is known now
  misbehave("slow", 1, 3000);
  auto slow = seal(message, "m1", 300ms);
  ASSERT_FALSE(slow.ok());
  EXPECT_EQ(slow.error().code, "seal_service.transport");
  auto again = seal(message, "m1");
  ASSERT_TRUE(again.ok()) << again.error().message;
  misbehave("act-late", 1, 100);  // hangs up, and signs after we asked again
  ASSERT_FALSE(seal(certificate("two"), "m2").ok());
  ASSERT_TRUE(seal(certificate("two"), "m2").ok());
  EXPECT_EQ(signatures(), 3U);
}

TEST_F(RemoteSeal, WhatTheServiceRefusesSaysWhatToDo) {
  misbehave("unknown-code", 2, 0);  // also after the seal was fetched afresh
  auto unknown = seal(certificate("one"), "m1");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "seal_service.refused");
  EXPECT_NE(unknown.error().message.find("777"), std::string::npos) << "the code is told";
  ask("GET", "/sandbox/suspend/41130000000001", "");
  auto suspended = seal(certificate("one"), "m1");
  ASSERT_FALSE(suspended.ok());
  EXPECT_EQ(suspended.error().code, "seal_service.suspended");
  ask("GET", "/sandbox/resume/41130000000001", "");
  EXPECT_TRUE(seal(certificate("one"), "m1").ok());
  Message other = certificate("one");
  other.headers["issuer-code"] = kZhenping;
  auto missing = seal(other, "m2");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, "sealer.no_such_seal");
}

TEST_F(RemoteSeal, AWrongTokenIsAFault) {
  FakeContext context(kManifest, "remote-sealer", {{"token", "wrong"}});
  prepare(context);
  const auto sealer = make_sealer(context, true);
  ASSERT_TRUE(sealer->start());
  auto refused = sealer->process(certificate("one"), certbridge::testing::call_of("m/seal", 20s));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "seal_service.token");
  EXPECT_EQ(refused.error().severity, Severity::kFault);
  EXPECT_EQ(refused.error().message.find("wrong"), std::string::npos) << "a secret in the words";
}

TEST_F(RemoteSeal, ManyThreadsSealAtOnce) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < 4; ++i) {
        const std::string name = std::to_string(thread) + "-" + std::to_string(i);
        auto sealed = seal(certificate(name), "m" + name);
        EXPECT_TRUE(sealed.ok()) << sealed.error().message;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(signatures(), 16U);
  EXPECT_EQ(violations(), 0);
}

}  // namespace
}  // namespace certbridge::seal_service

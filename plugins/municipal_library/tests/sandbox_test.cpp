// The plugin over the real HTTP client against the sandbox's libraries, which share no code with
// us.
#include <gtest/gtest.h>

#include "books.h"
#include "certbridge/certificate_type.h"
#include "collector.h"
#include "library_fixture.h"
#include "sandbox_library.h"
#include "types.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;

// What a library that does not verify seals takes for a package.
const std::string kZipMark("PK\x03\x04", 4);
const std::string kManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/plugin.xml";

// One library and a collector for it.
class Library {
 public:
  explicit Library(const std::string& dialect)
      : sandbox_(dialect, {}), context_(kManifest, "collector", sandbox_.options()) {
    lend(context_, sandbox_);
    auto made = make_collector(context_);
    EXPECT_TRUE(made.ok()) << made.error().message;
    collector_ = std::move(made).value();
  }
  Sink& collector() { return *collector_; }
  testing::FakeContext& context() { return context_; }
  SandboxLibrary& sandbox() { return sandbox_; }
  void misbehave(const std::string& path, const std::string& kind, int times, int milliseconds) {
    sandbox_.misbehave(path, kind, times, milliseconds);
  }
  std::string page(const std::string& path) { return sandbox_.page(path); }

 private:
  SandboxLibrary sandbox_;
  testing::FakeContext context_;
  std::unique_ptr<Sink> collector_{};
};

std::unique_ptr<Library> start_library(const std::string& dialect) {
  return std::make_unique<Library>(dialect);
}

class BothLibraries : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { library_ = start_library(GetParam()); }
  bool epoint() const { return std::string(GetParam()) == "epoint"; }
  // The path of the call by which a certificate becomes held.
  std::string last_call() const {
    return epoint() ? "/epoint/rest/cert/publish" : "/linewell/api/collectCert";
  }
  Result<Receipt> send(const Message& message) {
    auto receipt =
        library_->collector().send(message, testing::call_of(message.id + "/library", 20s));
    if (!receipt) library_->context().expect_declared(receipt.error());
    return receipt;
  }
  Confirmation confirm(const Message& message) {
    auto answer =
        library_->collector().confirm(message, testing::call_of(message.id + "/library", 20s));
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return answer ? answer.value() : Confirmation{};
  }
  void expect_no_violation() { library_->sandbox().expect_no_violation(); }
  std::unique_ptr<Library> library_{};
};

TEST_P(BothLibraries, CollectsAndConfirms) {
  const Message message = issue_of(certificate_of("0000001", 1), kZipMark + "sealed file");
  EXPECT_EQ(confirm(message).state, Confirmation::State::kAbsent);
  const auto receipt = send(message);
  ASSERT_TRUE(receipt.ok()) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kSettled);
  EXPECT_FALSE(receipt.value().remote_id.empty());
  const Confirmation held = confirm(message);
  EXPECT_EQ(held.state, Confirmation::State::kPresent);
  EXPECT_EQ(held.receipt->remote_id, receipt.value().remote_id);
  EXPECT_NE(library_->page("/sandbox/held").find("\"timesCollected\": 1"), std::string::npos);
  expect_no_violation();
}

TEST_P(BothLibraries, SendingAgainIsSuccessAndAnotherFileIsDifferent) {
  const Certificate certificate = certificate_of("0000002", 1);
  const auto first = send(issue_of(certificate, kZipMark + "sealed file"));
  ASSERT_TRUE(first.ok()) << first.error().message;
  const auto again = send(issue_of(certificate, kZipMark + "sealed file"));
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again.value().remote_id, first.value().remote_id);
  const Message other = issue_of(certificate, kZipMark + "another file");
  const auto refused = send(other);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "municipal.different");
  EXPECT_EQ(confirm(other).state, Confirmation::State::kDifferent);
}

TEST_P(BothLibraries, ALostAnswerIsFoundByConfirm) {
  const Message message = issue_of(certificate_of("0000003", 1), kZipMark + "sealed file");
  library_->misbehave(last_call(), "drop-after", 1, 0);
  const auto lost = send(message);
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().code, "municipal.unreachable");
  EXPECT_EQ(confirm(message).state, Confirmation::State::kPresent);
  EXPECT_NE(library_->page("/sandbox/held").find("\"timesCollected\": 1"), std::string::npos);
  expect_no_violation();
}

TEST_P(BothLibraries, NothingDoneIsAbsentAndSentAgain) {
  const Message message = issue_of(certificate_of("0000004", 1), kZipMark + "sealed file");
  library_->misbehave(last_call(), "drop-before", 1, 0);
  ASSERT_FALSE(send(message).ok());
  EXPECT_EQ(confirm(message).state, Confirmation::State::kAbsent);
  const auto second = send(message);
  ASSERT_TRUE(second.ok()) << second.error().message;
  expect_no_violation();
}

TEST_P(BothLibraries, FailuresAreRetryable) {
  const Message message = issue_of(certificate_of("0000005", 1), kZipMark + "sealed file");
  library_->misbehave(last_call(), "fail", 1, 0);
  const auto failed = send(message);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, "municipal.busy");
  library_->misbehave(last_call(), "garble", 1, 0);
  const auto garbled = send(message);
  ASSERT_FALSE(garbled.ok());
  EXPECT_EQ(garbled.error().code, "municipal.garbled");
  library_->misbehave(last_call(), "unknown-code", 1, 0);
  const auto unknown = send(message);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "municipal.unknown_code");
  EXPECT_NE(unknown.error().message.find("未知"), std::string::npos) << unknown.error().message;
  library_->misbehave(last_call(), "slow", 1, 5000);
  const auto slow =
      library_->collector().send(message, testing::call_of(message.id + "/library", 300ms));
  ASSERT_FALSE(slow.ok());
  EXPECT_EQ(slow.error().code, "municipal.unreachable");
  EXPECT_NE(slow.error().message.find("http.timeout"), std::string::npos) << slow.error().message;
}

TEST_P(BothLibraries, ReceivedIsAnOpenReceipt) {
  const Message message = issue_of(certificate_of("0000006", 1), kZipMark + "sealed file");
  library_->misbehave(last_call(), "receive", 1, 60'000);
  const auto receipt = send(message);
  ASSERT_TRUE(receipt.ok()) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kOpen);
  EXPECT_FALSE(receipt.value().correlation.empty());
  EXPECT_GT(receipt.value().expected_by, receipt.value().when);
  EXPECT_EQ(confirm(message).state, Confirmation::State::kInProgress)
      << "nothing is left to be called, the library has not decided yet";
}

TEST_P(BothLibraries, VoidsOnceAndAgain) {
  const Certificate certificate = certificate_of("0000007", 1);
  const Message message = status_of(certificate, "voided", "valid");
  const auto unknown = send(message);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, kCodeNotHeld);
  ASSERT_TRUE(send(issue_of(certificate, kZipMark + "sealed file")).ok());
  EXPECT_EQ(confirm(message).state, Confirmation::State::kAbsent);
  const auto done = send(message);
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_EQ(confirm(message).state, Confirmation::State::kPresent);
  const auto again = send(message);
  EXPECT_TRUE(again.ok()) << again.error().message;
  EXPECT_NE(library_->page("/sandbox/held").find("cancelled"), std::string::npos);
}

TEST_P(BothLibraries, VersionsInOrder) {
  ASSERT_TRUE(send(issue_of(certificate_of("0000008", 1), kZipMark + "one")).ok());
  const auto next = send(issue_of(certificate_of("0000008", 2), kZipMark + "two"));
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_EQ(confirm(issue_of(certificate_of("0000008", 1), kZipMark + "one")).state,
            Confirmation::State::kPresent);
  expect_no_violation();
}

// The catalogue's own file, as the message that the host makes of a change.
Message type_change(TypeState state, int number) {
  CertificateType type;
  type.code = kTitleTypeCode;
  type.name = "中华人民共和国不动产权证书";
  TypeVersion version;
  version.number = number;
  version.state = state;
  version.effective = parse_message_time("2026-12-01T00:00:00").value();
  version.units = {{kIssuerCode, "南阳市自然资源和规划局"},
                   {"11411324MB1T00009R", "镇平县自然资源局"}};
  version.items = {{"BDC-1000301", "新建商品房首次登记"}};
  version.template_name = "title";
  version.face = {{"KZ_ZL", "坐落", true}, {"KZ_FJ", "附记", false}};
  Message message;
  message.id = "m-1";
  message.type = kCertificateTypeMessage;
  message.media_type = kCertificateTypeMediaType;
  message.body = content_of(write_certificate_type(type, version));
  return message;
}

TEST_P(BothLibraries, ATypeIsToldAndToldAgainWithoutHarm) {
  for (const TypeState state : {TypeState::kSubmitted, TypeState::kApproved}) {
    const Message change = type_change(state, 1);
    EXPECT_EQ(confirm(change).state, Confirmation::State::kAbsent);
    for (int attempt = 0; attempt < 2; ++attempt) {
      const auto receipt = send(change);
      ASSERT_TRUE(receipt.ok()) << receipt.error().message;
      EXPECT_EQ(receipt.value().state, Receipt::State::kSettled);
    }
  }
  EXPECT_NE(library_->page("/sandbox/types").find("\"count\": 2"), std::string::npos);
  expect_no_violation();
  const auto skipped = send(type_change(TypeState::kSubmitted, 3));
  ASSERT_FALSE(skipped.ok());
  EXPECT_EQ(skipped.error().code, "municipal.refused");
}

TEST_P(BothLibraries, ATypeThatIsNotRegisteredIsNothingOfTheCertificate) {
  const Message message = issue_of(certificate_of("0000009", 1), kZipMark + "sealed file");
  const std::string type = "{\"type\": \"" + std::string(kTitleTypeCode) + "\", \"registered\": ";
  library_->sandbox().command("/sandbox/types", type + "false}");
  const auto refused = send(message);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, kCodeTypeNotRegistered);
  EXPECT_EQ(confirm(message).state, Confirmation::State::kAbsent);
  library_->sandbox().command("/sandbox/types", type + "true}");
  const auto taken = send(message);
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  expect_no_violation();
}

TEST_P(BothLibraries, WhatIsPublishedOfAFaceIsFetched) {
  testing::FakeContext context(kManifest, "books", library_->sandbox().options());
  lend(context, library_->sandbox());
  auto books = make_books(context);
  ASSERT_TRUE(books.ok()) << books.error().message;
  Message question;
  question.type = kFaceQuestion;
  question.headers["type-code"] = kTitleTypeCode;
  const auto unknown = books.value()->answer(question, testing::call_of("faces", 20s));
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "municipal.type_unregistered");
  ASSERT_TRUE(send(type_change(TypeState::kApproved, 1)).ok());
  const auto answer = books.value()->answer(question, testing::call_of("faces", 20s));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer.value().headers.at("offered"), "yes");
  EXPECT_EQ(testing::body_of(answer.value()),
            write_face({{"KZ_ZL", "坐落", true}, {"KZ_FJ", "附记", false}}));
  expect_no_violation();
}

INSTANTIATE_TEST_SUITE_P(Dialects, BothLibraries, ::testing::Values("epoint", "linewell"),
                         [](const auto& dialect) { return std::string(dialect.param); });

// Every call of the sequence may lose its answer; the next attempt goes on in the middle.
TEST(EpointSequence, ResumesAfterEachCall) {
  const auto library = start_library("epoint");
  int serial = 100;
  for (const char* call : {"attach", "save", "publish"}) {
    for (const char* kind : {"drop-after", "drop-before", "fail"}) {
      const Message message =
          issue_of(certificate_of("0000" + std::to_string(serial++), 1), kZipMark + "sealed file");
      const Call step = testing::call_of(message.id + "/library", 20s);
      library->misbehave(std::string("/epoint/rest/cert/") + call, kind, 1, 0);
      ASSERT_FALSE(library->collector().send(message, step).ok());
      const auto resumed = library->collector().send(message, step);
      ASSERT_TRUE(resumed.ok()) << call << " " << kind << ": " << resumed.error().message;
    }
  }
  const std::string held = library->page("/sandbox/held");
  EXPECT_NE(held.find("\"count\": 9"), std::string::npos) << held;
  EXPECT_EQ(held.find("\"timesCollected\": 0"), std::string::npos);
  EXPECT_EQ(held.find("\"timesCollected\": 2"), std::string::npos);
}

// What an earlier attempt remembers is forgotten when the process dies before it was durable.
TEST(EpointSequence, WorksWithoutItsMemory) {
  const auto library = start_library("epoint");
  const Message message = issue_of(certificate_of("0000200", 1), kZipMark + "sealed file");
  const Call step = testing::call_of(message.id + "/library", 20s);
  library->misbehave("/epoint/rest/cert/publish", "drop-before", 1, 0);
  ASSERT_FALSE(library->collector().send(message, step).ok());
  EXPECT_GE(library->context().memory().flushes(), 2);
  const std::string name = "progress/" + certificate_of("0000200", 1).identifier.text();
  ASSERT_TRUE(library->context().memory().put(step.step_key, OrderKey{}, name, "damaged"));
  const auto resumed = library->collector().send(message, step);
  ASSERT_TRUE(resumed.ok()) << resumed.error().message;
  EXPECT_NE(library->page("/sandbox/held").find("\"timesCollected\": 1"), std::string::npos);
}

}  // namespace
}  // namespace certbridge::municipal_library

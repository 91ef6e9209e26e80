// What `confirm` makes of everything that a library may say of a certificate, in both dialects.
#include <gtest/gtest.h>

#include <cctype>

#include "certbridge/testing/fake_context.h"
#include "certbridge_sm/sm2.h"
#include "charset.h"
#include "collector.h"
#include "library_fixture.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;
using State = Confirmation::State;

const std::string kPluginFolder =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/";

testing::Options options_of(const std::string& dialect) {
  testing::Options options{{"dialect", "plugin:dialects/" + dialect + ".xml"},
                           {"client-id", "certbridge"},
                           {"client-secret", "hush-hush"}};
  if (dialect == "epoint") return options;
  options["cipher-key"] = "00112233445566778899aabbccddeeff";
  options["signing-key"] = sm::PrivateKey::generate().value().to_pem("words").value();
  options["signing-key-passphrase"] = "words";
  return options;
}

class Confirm : public ::testing::TestWithParam<const char*> {
 protected:
  Confirm() {
    context_.lend("library", wire_);
    sink_ = make_collector(context_).value();
    wire_.answers_with([this](const Message& question, const Call&) -> Result<Message> {
      if (question.headers.at("http-path").ends_with("/token")) {
        return http(R"({"custom":{"code":"0000","access_token":"t","expires_in":1800}})");
      }
      return http(epoint() ? R"({"custom":{"code":"0000","certinfo":)" + held_ + "}}"
                           : R"({"head":{"status":"0"},"data":{"certData":)" + held_ + "}}");
    });
  }
  bool epoint() const { return std::string(GetParam()) == "epoint"; }
  Message http(const std::string& body) const {
    const std::string bytes = epoint() ? body : *from_utf8(body, Charset::kGb18030);
    Message message = testing::message_of("http.response", "application/json", bytes);
    message.headers["http-status"] = "200";
    return message;
  }
  void holds(const std::string& digest, const std::string& state) {
    const std::string identifier = certificate_.identifier.text();
    held_ = epoint() ? R"([{"certificateidentifier":")" + identifier + R"(","filesm3":")" + digest +
                           R"(","status":")" + state + R"(","certrowguid":"row"}])"
                     : R"([{"certificateIdentifier":")" + identifier + R"(","fileDigest":")" +
                           digest + R"(","state":")" + state + R"(","licenseId":"row"}])";
  }
  Result<Confirmation> confirm(const Message& message) {
    auto answer = sink_->confirm(message, testing::call_of("m/library", 20s));
    if (!answer) context_.expect_declared(answer.error());
    return answer;
  }
  State state_of(const Message& message) {
    auto answer = confirm(message);
    EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().message);
    return answer ? answer.value().state : State{};
  }

  const Certificate certificate_ = certificate_of("0000001", 1);
  const Message issue_ = issue_of(certificate_, "file");
  const std::string digest_ = issue_.headers.at("file-digest");
  std::string held_ = R"("")";
  testing::FakeResponder wire_{};
  testing::FakeContext context_{kPluginFolder + "plugin.xml", "collector", options_of(GetParam())};
  std::unique_ptr<Sink> sink_{};
};

TEST_P(Confirm, HasFiveAnswers) {
  EXPECT_EQ(state_of(issue_), State::kAbsent);
  holds(digest_, epoint() ? "正常" : "11");
  EXPECT_EQ(state_of(issue_), State::kPresent);
  EXPECT_EQ(confirm(issue_).value().receipt->remote_id, "row");
  holds(std::string(64, 'a'), epoint() ? "正常" : "11");
  EXPECT_EQ(state_of(issue_), State::kDifferent);
  EXPECT_EQ(confirm(issue_).value().held, std::string(64, 'a'));
  holds(digest_, epoint() ? "处理中" : "0");
  EXPECT_EQ(state_of(issue_), epoint() ? State::kAbsent : State::kInProgress)
      << "a library of several calls needs us to go on";
  holds(digest_, epoint() ? "冻结" : "77");
  EXPECT_EQ(state_of(issue_), State::kCannotTell) << "a state that the dialect does not name";
}

TEST_P(Confirm, EveryStateOfTheDialectIsReadForBothDirections) {
  const std::vector<std::string> in_force = epoint()
                                                ? std::vector<std::string>{"正常", "挂失"}
                                                : std::vector<std::string>{"11", "12", "13", "-4"};
  const std::vector<std::string> ended = epoint()
                                             ? std::vector<std::string>{"注销"}
                                             : std::vector<std::string>{"-2", "-3", "-5", "-8"};
  const Message annulment = status_of(certificate_, "voided", "valid");
  for (const std::string& state : in_force) {
    holds(digest_, state);
    EXPECT_EQ(state_of(issue_), State::kPresent) << state;
    EXPECT_EQ(state_of(annulment), State::kAbsent) << state;
  }
  for (const std::string& state : ended) {
    holds(digest_, state);
    EXPECT_EQ(state_of(issue_), State::kPresent) << state;
    EXPECT_EQ(state_of(annulment), State::kPresent) << state;
  }
  holds(digest_, "?");
  EXPECT_EQ(state_of(annulment), State::kCannotTell);
}

TEST_P(Confirm, ADigestInCapitalsIsTheSameAndNoneIsBelieved) {
  std::string capitals = digest_;
  for (char& c : capitals) c = static_cast<char>(std::toupper(c));
  holds(capitals, epoint() ? "正常" : "11");
  EXPECT_EQ(state_of(issue_), State::kPresent);
  holds("", epoint() ? "正常" : "11");
  EXPECT_EQ(state_of(issue_), State::kPresent);
}

TEST_P(Confirm, AnotherCertificateThanWasAskedForIsNoAnswer) {
  holds(digest_, epoint() ? "正常" : "11");
  auto answer = confirm(issue_of(certificate_of("0000002", 1), "file"));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "municipal.garbled");
}

INSTANTIATE_TEST_SUITE_P(Dialects, Confirm, ::testing::Values("epoint", "linewell"),
                         [](const auto& dialect) { return std::string(dialect.param); });

}  // namespace
}  // namespace certbridge::municipal_library

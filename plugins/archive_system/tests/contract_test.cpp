// What every sink owes its host, against an archive that the test plays, and what each of its
// answers means.
#include "certbridge/testing/contracts.h"

#include <gtest/gtest.h>

#include <map>

#include "certbridge/testing/loaded_plugin.h"
#include "receiver.h"

namespace certbridge::archive_system {
namespace {

using certbridge::testing::FakeContext;
using certbridge::testing::FakeResponder;
using certbridge::testing::Through;

const std::string kArchiveManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/archive_system/plugin.xml";

Message packed_case() {
  Message message;
  message.id = "m-0000000001/0";
  message.type = "archive.case";
  message.headers = {{"case-no", "2026 1"}, {"record", "4711"}};
  message.attachments = {
      certbridge::testing::attachment_of("case.tar", "application/x-tar", "a package")};
  return message;
}

class PlayedArchive : public ::testing::TestWithParam<Through> {
 protected:
  PlayedArchive() {
    http_.answers_with([this](const Message& question, const Call&) { return answer(question); });
  }

  Result<Message> answer(const Message& question) {
    Message answer;
    answer.type = "http.response";
    answer.headers["http-status"] = "404";
    const std::string path = question.headers.at("http-path");
    paths_.insert(path);
    if (!status_.empty()) {
      answer.headers["http-status"] = status_;
      return answer;
    }
    if (question.headers.at("http-method") == "PUT") {
      held_[path] = question.headers.at("http-header-x-cb-sm3");
      answer.headers["http-status"] = "201";
    } else if (held_.contains(path)) {
      answer.headers["http-status"] = "200";
      answer.headers["http-header-x-cb-sm3"] = held_[path];
    }
    return answer;
  }

  std::map<std::string, std::string> held_{};
  std::set<std::string> paths_{};
  std::string status_{};
  FakeResponder http_{};
};

TEST_P(PlayedArchive, KeepsWhatASinkOwes) {
  const auto plugin = certbridge::testing::load_plugin(ARCHIVE_SYSTEM_LIBRARY);
  FakeContext context(kArchiveManifest, "receiver", {{"token", "secret:archive-token"}});
  context.set_secret("archive-token", "t");
  context.lend("archive", http_);
  certbridge::testing::check_sink_contract(
      {*plugin, context, "receiver"}, packed_case(),
      [this] { return static_cast<int>(held_.size()); }, GetParam());
  context.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, PlayedArchive,
                         ::testing::Values(Through::kPlain, Through::kWire));

class Answers : public PlayedArchive {};

TEST_F(Answers, APackageHasAnAddressOfItsOwn) {
  Receiver receiver({"/cases/{case}/{record}", ""}, http_);
  const auto receipt = receiver.send(packed_case(), {});
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ(receipt.value().remote_id, "/cases/2026%201/4711");
  EXPECT_EQ(paths_, std::set<std::string>{"/cases/2026%201/4711"});
}

TEST_F(Answers, SaysWhatTheArchiveHolds) {
  Receiver receiver({"/packages/{record}", ""}, http_);
  EXPECT_EQ(receiver.confirm(packed_case(), {}).value().state, Confirmation::State::kAbsent);
  ASSERT_TRUE(receiver.send(packed_case(), {}).ok());
  EXPECT_EQ(receiver.confirm(packed_case(), {}).value().state, Confirmation::State::kPresent);
  held_["/packages/4711"] = std::string(64, '0');
  EXPECT_EQ(receiver.confirm(packed_case(), {}).value().state, Confirmation::State::kDifferent);
  held_["/packages/4711"] = "";
  EXPECT_EQ(receiver.confirm(packed_case(), {}).value().state, Confirmation::State::kCannotTell);
}

TEST_F(Answers, EachStatusHasItsCode) {
  Receiver receiver({"/packages/{record}", ""}, http_);
  const std::map<std::string, std::string> codes{{"401", "archive_system.token"},
                                                 {"409", "archive_system.conflict"},
                                                 {"422", "archive_system.refused"},
                                                 {"503", "archive_system.busy"},
                                                 {"500", "archive_system.status"}};
  for (const auto& [status, code] : codes) {
    status_ = status;
    EXPECT_EQ(receiver.send(packed_case(), {}).error().code, code);
  }
}

}  // namespace
}  // namespace certbridge::archive_system

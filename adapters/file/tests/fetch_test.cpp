// Fetching by exact name: present, absent, half-written, and moved away once it was read.
#include "fetch.h"

#include <gmock/gmock.h>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "drop_folder.h"
#include "local_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::body_of;
using certbridge::testing::call_of;
using certbridge::testing::FakeContext;
using ::testing::ElementsAre;

const std::string kFetchManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";

class FetchTest : public ::testing::Test {
 protected:
  FetchTest() {
    settings_.taken.largest = 1000;
    settings_.taken.media_type = "application/xml";
  }
  Fetch fetch() { return Fetch(settings_, *folder_, context_); }
  static Result<Message> ask(Fetch& fetch, const std::string& name, const std::string& type) {
    Message question;
    question.type = type;
    question.headers["file-name"] = name;
    return fetch.answer(question, call_of("test", std::chrono::seconds(20)));
  }
  std::string state_of(Fetch& fetch, const std::string& name) {
    auto answer = ask(fetch, name, "file.fetch");
    return answer ? answer.value().headers.at("file-state") : answer.error().code;
  }

  DropFolder drop_{};
  FakeContext context_{kFetchManifest, "fetch", {{"folder", drop_.path()}}};
  std::unique_ptr<Folder> folder_ = open_local_folder(drop_.path());
  FetchSettings settings_{};
};

TEST_F(FetchTest, AnswersTheBytesOfAFileThatIsThere) {
  drop_.make("411300/RepMsg");
  drop_.put("411300/RepMsg/Rep1.xml", "<respond/>");
  Fetch asked = fetch();
  auto answer = ask(asked, "411300/RepMsg/Rep1.xml", "file.fetch");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer.value().type, "file.answer");
  EXPECT_EQ(answer.value().headers.at("file-state"), "present");
  EXPECT_EQ(answer.value().media_type, "application/xml");
  EXPECT_EQ(body_of(answer.value()), "<respond/>");
  EXPECT_TRUE(drop_.has("411300/RepMsg/Rep1.xml")) << "fetching has no effect";
}

TEST_F(FetchTest, TellsAbsentFromHalfWritten) {
  Fetch asked = fetch();
  EXPECT_EQ(state_of(asked, "Rep1.xml"), "absent");
  EXPECT_EQ(state_of(asked, "nowhere/Rep1.xml"), "absent");
  drop_.put("Rep1.xml.tmp", "<resp");
  EXPECT_EQ(state_of(asked, "Rep1.xml"), "half-written");
  drop_.put("Rep2.xml", "");
  EXPECT_EQ(state_of(asked, "Rep2.xml"), "half-written") << "nobody sends an empty answer";
  drop_.make("Rep3.xml");
  EXPECT_EQ(state_of(asked, "Rep3.xml"), "absent");
}

TEST_F(FetchTest, WaitsUntilAFileLiesStill) {
  settings_.unchanged = true;
  Fetch asked = fetch();
  drop_.put("Rep1.xml", "<resp");
  EXPECT_EQ(state_of(asked, "Rep1.xml"), "half-written");
  context_.mutable_clock().advance(std::chrono::seconds(9));
  drop_.append("Rep1.xml", "ond/>");
  EXPECT_EQ(state_of(asked, "Rep1.xml"), "half-written");
  context_.mutable_clock().advance(std::chrono::seconds(9));
  EXPECT_EQ(state_of(asked, "Rep1.xml"), "half-written");
  context_.mutable_clock().advance(std::chrono::seconds(2));
  EXPECT_EQ(state_of(asked, "Rep1.xml"), "present");
}

TEST_F(FetchTest, ChecksSizeAndCharset) {
  settings_.taken.charset = Charset::kUtf8;
  Fetch asked = fetch();
  drop_.put("gbk.xml", "\xB7\xBF\xB2\xFA");
  EXPECT_EQ(state_of(asked, "gbk.xml"), "file.charset");
  drop_.put("large.xml", std::string(1001, 'x'));
  EXPECT_EQ(state_of(asked, "large.xml"), "file.too_large");
  drop_.put("utf8.xml", "\xEF\xBB\xBF\xE6\x88\xBF");
  auto answer = ask(asked, "utf8.xml", "file.fetch");
  EXPECT_EQ(answer.value().headers.at("charset"), "utf-8");
  EXPECT_EQ(answer.value().headers.at("byte-order-mark"), "yes");
  EXPECT_EQ(body_of(answer.value()), "\xEF\xBB\xBF\xE6\x88\xBF") << "nothing is stripped";
}

TEST_F(FetchTest, ArchivesByExactNameAndLosesNothing) {
  settings_.archive = "read";
  Fetch asked = fetch();
  drop_.put("Rep1.xml", "one");
  const auto archive = [&] {
    return ask(asked, "Rep1.xml", "file.archive").value().headers.at("file-state");
  };
  EXPECT_EQ(archive(), "archived");
  EXPECT_EQ(archive(), "absent");
  EXPECT_EQ(drop_.bytes_of("read/2026-11-24/Rep1.xml"), "one");
  drop_.put("Rep1.xml", "one");
  EXPECT_EQ(archive(), "archived");
  EXPECT_EQ(drop_.files_in("read").size(), 1U) << "the same content is kept once";
  drop_.put("Rep1.xml", "another");
  EXPECT_EQ(archive(), "archived");
  EXPECT_EQ(drop_.files_in("read").size(), 2U);
  EXPECT_FALSE(drop_.has("Rep1.xml"));
}

TEST_F(FetchTest, WhatIsTooOldForTheArchiveGoesBehindAnswers) {
  settings_.archive = "read";
  settings_.archive_days = 10;
  for (const char* day : {"2026-10-01", "2026-11-13", "2026-11-14", "2026-11-24"}) {
    drop_.make("read/" + std::string(day));
    for (int number = 0; number < 20; ++number)
      drop_.put("read/" + std::string(day) + "/Rep" + std::to_string(number), "x");
  }
  drop_.make("read/somebody's");
  Fetch asked = fetch();
  EXPECT_EQ(state_of(asked, "Rep1.xml"), "absent");
  EXPECT_EQ(drop_.files_in("read").size(), 80U - 16U) << "a few at once: somebody waits";
  for (int question = 0; question < 10; ++question) state_of(asked, "Rep1.xml");
  for (const char* gone : {"2026-10-01", "2026-11-13"})
    EXPECT_FALSE(drop_.has("read/" + std::string(gone))) << gone;
  for (const char* kept : {"2026-11-14", "2026-11-24", "somebody's"})
    EXPECT_TRUE(drop_.has("read/" + std::string(kept))) << kept;
  EXPECT_EQ(drop_.files_in("read").size(), 40U);
}

TEST_F(FetchTest, WithoutDaysTheArchiveIsKeptForGood) {
  settings_.archive = "read";
  drop_.make("read/2020-01-01");
  drop_.make("read/2026-11-24");
  Fetch asked = fetch();
  EXPECT_EQ(state_of(asked, "Rep1.xml"), "absent");
  EXPECT_TRUE(drop_.has("read/2020-01-01"));
}

TEST_F(FetchTest, AnArchiveThatCannotBeClearedChangesNoAnswerAndIsToldOfOnce) {
  settings_.archive = "read";
  settings_.archive_days = 10;
  drop_.make("read/2026-01-01/somebody's");
  drop_.make("read/2026-11-24");
  drop_.put("Rep1.xml", "<respond/>");
  Fetch asked = fetch();
  for (int hour = 0; hour < 3; ++hour) {
    EXPECT_EQ(state_of(asked, "Rep1.xml"), "present");
    context_.mutable_clock().advance(std::chrono::hours(1));
  }
  EXPECT_EQ(ask(asked, "Rep1.xml", "file.archive").value().headers.at("file-state"), "archived");
  EXPECT_TRUE(drop_.has("read/2026-01-01/somebody's"));
  ASSERT_EQ(context_.logger().entries().size(), 1U);
  EXPECT_EQ(context_.logger().entries().at(0).event, "file.archive_not_cleared");
}

TEST_F(FetchTest, RefusesWhatIsNoQuestion) {
  Fetch asked = fetch();
  EXPECT_EQ(ask(asked, "../secret", "file.fetch").error().code, "file.name");
  EXPECT_EQ(ask(asked, "a.xml.tmp", "file.fetch").error().code, "file.name") << "a half file";
  EXPECT_EQ(ask(asked, "a.xml", "file.list").error().code, "file.request");
  EXPECT_EQ(ask(asked, "a.xml", "file.archive").error().code, "file.request")
      << "no archive is configured";
  EXPECT_EQ(asked.answer({}, call_of("test", std::chrono::seconds(20))).error().code,
            "file.request");
}

TEST_F(FetchTest, ALinkIsNotFollowed) {
  drop_.put("secret.txt", "x");
  ASSERT_EQ(symlink("secret.txt", (drop_.path() + "/link.xml").c_str()), 0);
  Fetch asked = fetch();
  EXPECT_EQ(state_of(asked, "link.xml"), "absent");
}

}  // namespace
}  // namespace certbridge::file::testing

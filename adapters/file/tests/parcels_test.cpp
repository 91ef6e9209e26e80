// Manifests that name several files: one message, whole or not at all.
#include <gmock/gmock.h>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/ledger_receiver.h"
#include "certbridge/testing/memory_content.h"
#include "drop_folder.h"
#include "incoming.h"
#include "local_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::body_of;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeReceiver;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kParcelManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";

// Keeps what was handed over, and refuses what is to be refused, as the host does.
class StrictReceiver final : public Receiver {
 public:
  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    std::vector<Acceptance> answers;
    for (Message& message : messages) {
      Acceptance answer;
      answer.verdict = Acceptance::Verdict::kAccepted;
      if (const auto code = message.headers.find("intake-error-code");
          code != message.headers.end()) {
        answer.verdict = Acceptance::Verdict::kRefused;
        answer.code = code->second;
        answer.message = message.headers.at("intake-error");
      }
      answers.push_back(answer);
      taken.push_back(std::move(message));
    }
    return answers;
  }
  Result<void> settle(const Correlation&, const Outcome&) override { return {}; }

  std::vector<Message> taken{};
};

class ParcelsTest : public ::testing::Test {
 protected:
  ParcelsTest() {
    settings_.taken.type = "report";
    settings_.taken.largest = 1000;
    settings_.taken.most_files = 3;
    settings_.complete = Completeness::kManifest;
    settings_.places.manifest_suffix = ".sha256";
  }
  Incoming source() { return Incoming(settings_, *folder_, context_, {}); }
  void look(Incoming& source, int times = 2) {
    for (int time = 0; time < times; ++time) {
      auto looked = source.look_once(receiver_);
      ASSERT_TRUE(looked) << looked.error().message;
    }
  }
  void put(const std::string& name, const std::string& bytes) {
    drop_.put(name, bytes);
    lines_ += sha256_line(name, bytes);
  }

  DropFolder drop_{};
  FakeContext context_{kParcelManifest, "incoming", {{"folder", drop_.path()}, {"type", "report"}}};
  std::unique_ptr<Folder> folder_ = open_local_folder(drop_.path());
  IncomingSettings settings_{};
  StrictReceiver receiver_{};
  std::string lines_{};
};

TEST_F(ParcelsTest, AllFilesOfAManifestAreOneMessage) {
  put("case.xml", "<a/>");
  put("plan.pdf", "\xFF plan");
  put("photo.jpg", "photo");
  settings_.taken.charset = Charset::kUtf8;
  settings_.taken.order_name = NamePattern::parse("{key}-*").value();
  settings_.taken.order_kind = "case";
  drop_.put("C7-1.sha256", lines_);
  Incoming one = source();
  look(one);
  ASSERT_THAT(receiver_.taken, SizeIs(1));
  const Message& message = receiver_.taken.at(0);
  EXPECT_EQ(body_of(message), "<a/>");
  EXPECT_EQ(message.headers.at("file-name"), "case.xml");
  EXPECT_EQ(message.headers.at("parcel"), "C7-1");
  EXPECT_EQ(message.headers.at("charset"), "utf-8");
  EXPECT_FALSE(message.headers.contains("intake-error-code")) << "charset is the body's alone";
  EXPECT_THAT(message.order_keys, ElementsAre(OrderKey{"case", "C7"}));
  EXPECT_THAT(message.source_key, ::testing::StartsWith("C7-1:"));
  ASSERT_THAT(message.attachments, SizeIs(2));
  EXPECT_EQ(message.attachments[0].name, "plan.pdf");
  EXPECT_EQ(message.attachments[0].size, 6U);
  EXPECT_EQ(message.attachments[1].name, "photo.jpg");
  EXPECT_EQ(message.attachments[1].digest, certbridge::testing::sm3_of("photo"));
  EXPECT_THAT(drop_.files_in("archive"),
              ElementsAre("C7-1.sha256", "case.xml", "photo.jpg", "plan.pdf"));
  EXPECT_THAT(drop_.files_in("claimed"), IsEmpty());
  EXPECT_FALSE(drop_.has("claimed/C7-1.sha256.files")) << "nor is its folder left";
}

TEST_F(ParcelsTest, AManifestOfOneFileIsAParcelOfOne) {
  drop_.put("a.xml", "one");
  drop_.put("a.xml.sha256", "");
  Incoming one = source();
  look(one);
  ASSERT_THAT(receiver_.taken, SizeIs(1));
  EXPECT_EQ(body_of(receiver_.taken.at(0)), "one");
  EXPECT_THAT(drop_.files_in("archive"), ElementsAre("a.xml", "a.xml.sha256"));
}

TEST_F(ParcelsTest, ItWaitsForItsLastFile) {
  put("case.xml", "<a/>");
  drop_.put("C7.sha256", lines_ + sha256_line("plan.pdf", "plan"));
  Incoming one = source();
  look(one);
  EXPECT_THAT(receiver_.taken, IsEmpty());
  EXPECT_TRUE(drop_.has("case.xml")) << "nothing is claimed before all is there";
  drop_.put("plan.pdf", "plan");
  look(one);
  EXPECT_THAT(receiver_.taken, SizeIs(1));
}

TEST_F(ParcelsTest, WhatNeverBecomesWholeIsSetAsideTogether) {
  put("case.xml", "<a/>");
  drop_.put("C7.sha256", lines_ + sha256_line("plan.pdf", "plan"));
  Incoming one = source();
  look(one);
  context_.mutable_clock().advance(std::chrono::hours(1));
  look(one);
  EXPECT_THAT(receiver_.taken, IsEmpty());
  EXPECT_THAT(drop_.files_in("error"), ElementsAre("C7.reason.txt", "C7.sha256", "case.xml"));
  EXPECT_THAT(drop_.bytes_of("error/C7.reason.txt"), HasSubstr("did not come: plan.pdf"));
  EXPECT_THAT(drop_.files_in("claimed"), IsEmpty());
  EXPECT_EQ(context_.metrics().value("files_incomplete"), 1);
}

TEST_F(ParcelsTest, WhatOneFileIsRefusedForTheWholeParcelIs) {
  struct Case {
    const char* code;
    std::string second;  // bytes of the second file
    std::string listed;  // as its manifest says
  };
  for (const Case& wrong : {Case{"file.manifest", "other", "plan"}, Case{"file.empty", "", ""},
                            Case{"file.too_large", std::string(999, 'x'), std::string(999, 'x')}}) {
    drop_.put("case.xml", "<a/>");
    drop_.put("plan.pdf", wrong.second);
    drop_.put("C7.sha256", sha256_line("case.xml", "<a/>") + sha256_line("plan.pdf", wrong.listed));
    Incoming one = source();
    look(one);
    ASSERT_FALSE(receiver_.taken.empty());
    EXPECT_EQ(receiver_.taken.back().headers.at("intake-error-code"), wrong.code);
    EXPECT_THAT(drop_.bytes_of("error/C7.reason.txt"), ::testing::StartsWith(wrong.code));
    EXPECT_THAT(drop_.files_in("claimed"), IsEmpty()) << wrong.code;
    for (const char* name : {"case.xml", "plan.pdf", "C7.sha256", "C7.reason.txt"})
      ASSERT_TRUE(folder_->remove(std::string("error/") + name,
                                  certbridge::testing::call_of("test", std::chrono::seconds(20))));
  }
}

TEST_F(ParcelsTest, AManifestThatCannotBeReadIsHandedOverAsRefused) {
  drop_.put("case.xml", "<a/>");
  drop_.put("C7.sha256", sha256_line("case.xml", "<a/>") + "and so on\n");
  Incoming one = source();
  look(one);
  ASSERT_THAT(receiver_.taken, SizeIs(1));
  EXPECT_EQ(receiver_.taken.at(0).headers.at("intake-error-code"), "file.manifest");
  EXPECT_FALSE(receiver_.taken.at(0).body);
  EXPECT_THAT(drop_.files_in("error"), ElementsAre("C7.reason.txt", "C7.sha256"));
  EXPECT_TRUE(drop_.has("case.xml")) << "nobody knows whose it is";
}

TEST_F(ParcelsTest, WhatWasClaimedOtherwiseIsNotGuessedAt) {
  drop_.make("claimed");
  drop_.put("claimed/a.xml", "one");
  Incoming parcels = source();
  EXPECT_EQ(parcels.look_once(receiver_).error().code, "file.option");
  settings_.taken.most_files = 1;
  Incoming files = source();
  look(files);
  EXPECT_THAT(receiver_.taken, SizeIs(1));
  for (const char* name : {"C7.sha256.refused", "C7.sha256.archived-2026-11-24"}) {
    drop_.put(std::string("claimed/") + name, "x");
    Incoming again = source();
    EXPECT_EQ(again.look_once(receiver_).error().code, "file.option") << name;
    ASSERT_TRUE(folder_->remove(std::string("claimed/") + name,
                                certbridge::testing::call_of("test", std::chrono::seconds(20))));
  }
  EXPECT_THAT(receiver_.taken, SizeIs(1));
}

TEST_F(ParcelsTest, FilesOfOneNameComeInTwoParcels) {
  for (const char* round : {"one", "two"}) {
    drop_.put("case.xml", round);
    drop_.put("plan.pdf", "the same plan");
    drop_.put(std::string(round) + ".sha256",
              sha256_line("case.xml", round) + sha256_line("plan.pdf", "the same plan"));
    Incoming one = source();
    look(one);
  }
  ASSERT_THAT(receiver_.taken, SizeIs(2));
  EXPECT_THAT(drop_.files_in("archive"), SizeIs(5)) << "each content is kept once";
}

}  // namespace
}  // namespace certbridge::file::testing

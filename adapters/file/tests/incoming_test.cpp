// Taking files out of a folder: exactly once, in order, whole, with a stop at every step.
#include "incoming.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stdexcept>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/ledger_receiver.h"
#include "certbridge/testing/memory_content.h"
#include "drop_folder.h"
#include "local_folder.h"
#include "troubled_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::body_of;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeReceiver;
using certbridge::testing::LedgerReceiver;
using certbridge::testing::sm3_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kIncomingManifest =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";

// Notes what the files were refused for, before the host answers.
class CodeReceiver final : public Receiver {
 public:
  explicit CodeReceiver(Receiver& receiver) : inner_(receiver) {}
  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    for (const Message& message : messages) {
      const auto code = message.headers.find("intake-error-code");
      codes_ += code == message.headers.end() ? "none" : code->second;
      const std::string& name = message.headers.at("file-name");
      EXPECT_TRUE(
          std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    }
    return inner_.accept(std::move(messages));
  }
  Result<void> settle(const Correlation&, const Outcome&) override { return {}; }
  const std::string& codes() const { return codes_; }

 private:
  Receiver& inner_;
  std::string codes_{};
};

// Takes any number of messages and keeps none.
class CountingReceiver final : public Receiver {
 public:
  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    for (const Message& message : messages) {
      in_order_ = in_order_ && message.source_key > last_;
      last_ = message.source_key;
    }
    taken_ += static_cast<int>(messages.size());
    Acceptance accepted;
    accepted.verdict = Acceptance::Verdict::kAccepted;
    return std::vector(messages.size(), accepted);
  }
  Result<void> settle(const Correlation&, const Outcome&) override { return {}; }
  int taken() const { return taken_; }
  bool in_order() const { return in_order_; }

 private:
  int taken_ = 0;
  bool in_order_ = true;
  std::string last_{};
};

class IncomingTest : public ::testing::Test {
 protected:
  IncomingTest() {
    settings_.taken.type = "report";
    settings_.taken.largest = 1000;
    settings_.batch = 3;
  }
  Incoming source(Incoming::Observer observer) {
    return Incoming(settings_, *folder_, context_, std::move(observer));
  }
  std::size_t look(Incoming& source) {
    auto taken = source.look_once(receiver_);
    EXPECT_TRUE(taken) << taken.error().message;
    return taken ? taken.value() : 0;
  }
  void look_until_empty() {
    Incoming one = source({});
    for (int round = 0; round < 50; ++round) {
      if (look(one) == 0) return;
    }
    FAIL() << "the folder never runs empty";
  }
  std::vector<std::string> names_taken() const {
    std::vector<std::string> names;
    for (const Message& message : receiver_.accepted())
      names.push_back(message.headers.at("file-name"));
    return names;
  }

  DropFolder drop_{};
  FakeContext context_{
      kIncomingManifest, "incoming", {{"folder", drop_.path()}, {"type", "report"}}};
  std::unique_ptr<Folder> folder_ = open_local_folder(drop_.path());
  IncomingSettings settings_{};
  FakeReceiver receiver_{};
};

TEST_F(IncomingTest, AFileBecomesAMessage) {
  settings_.taken.area = "411300";
  settings_.taken.media_type = "application/xml";
  drop_.put("Biz 1.xml", "<a/>");
  look_until_empty();
  ASSERT_THAT(receiver_.accepted(), SizeIs(1));
  const Message message = receiver_.accepted().at(0);
  EXPECT_EQ(message.type, "report");
  EXPECT_EQ(message.area, "411300");
  EXPECT_EQ(message.media_type, "application/xml");
  EXPECT_EQ(message.headers.at("file-name"), "Biz 1.xml");
  EXPECT_EQ(message.source_key, "Biz 1.xml:" + to_hex(sm3_of("<a/>")));
  EXPECT_EQ(body_of(message), "<a/>");
  EXPECT_EQ(drop_.bytes_of("archive/2026-11-24/Biz 1.xml"), "<a/>");
  EXPECT_THAT(drop_.files_in("claimed"), IsEmpty());
}

TEST_F(IncomingTest, FilesAreTakenInTheOrderOfTheirNames) {
  settings_.window = 4;
  for (int number : {7, 2, 9, 4, 1, 8, 3, 6, 5})
    drop_.put("f" + std::to_string(number), std::to_string(number));
  look_until_empty();
  EXPECT_THAT(names_taken(), ElementsAre("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9"));
}

TEST_F(IncomingTest, OnlyNamesOfTheAgreedFormAreTaken) {
  settings_.suffix = ".xml";
  drop_.put("a.xml", "a");
  drop_.put("b.xml.tmp", "b");
  drop_.put("c.txt", "c");
  drop_.put(".d.xml", "d");
  drop_.make("e.xml");
  ASSERT_EQ(symlink("/etc/passwd", (drop_.path() + "/f.xml").c_str()), 0);
  ASSERT_EQ(mkfifo((drop_.path() + "/g.xml").c_str(), 0600), 0);
  look_until_empty();
  EXPECT_THAT(names_taken(), ElementsAre("a.xml"));
  EXPECT_EQ(context_.metrics().value("files_half_written"), 1);
}

TEST_F(IncomingTest, AnUploadThatWasRenamedAwayIsTakenOnce) {
  drop_.put("a.xml.tmp", "whole");
  look_until_empty();
  EXPECT_THAT(names_taken(), IsEmpty());
  std::filesystem::rename(drop_.path() + "/a.xml.tmp", drop_.path() + "/a.xml");
  look_until_empty();
  look_until_empty();
  EXPECT_THAT(names_taken(), ElementsAre("a.xml"));
}

TEST_F(IncomingTest, AFileThatStillGrowsIsLeft) {
  settings_.complete = Completeness::kUnchanged;
  Incoming one = source({});
  drop_.put("a.xml", "ha");
  EXPECT_EQ(look(one), 0U);
  context_.mutable_clock().advance(std::chrono::seconds(9));
  drop_.append("a.xml", "lf");
  EXPECT_EQ(look(one), 0U);
  context_.mutable_clock().advance(std::chrono::seconds(9));
  EXPECT_EQ(look(one), 0U) << "it changed nine seconds ago";
  context_.mutable_clock().advance(std::chrono::seconds(2));
  EXPECT_EQ(look(one), 1U);
}

// A file that lies still is told by our own steady clock: neither the wall clock nor the times of
// files matter.
TEST_F(IncomingTest, AClockThatJumpsNeitherHoldsNorHurries) {
  settings_.complete = Completeness::kUnchanged;
  Incoming one = source({});
  drop_.put("past.xml", "1");
  drop_.put("future.xml", "2");
  using Time = std::filesystem::file_time_type;
  std::filesystem::last_write_time(drop_.path() + "/future.xml",
                                   Time::clock::now() + std::chrono::hours(9000));
  std::filesystem::last_write_time(drop_.path() + "/past.xml",
                                   Time::clock::now() - std::chrono::hours(9000));
  EXPECT_EQ(look(one), 0U);
  context_.mutable_clock().set(context_.clock().now() + std::chrono::hours(24 * 365));
  EXPECT_EQ(look(one), 0U) << "a year of the wall clock is no second";
  context_.mutable_clock().set(context_.clock().now() - std::chrono::hours(24 * 730));
  context_.mutable_clock().advance(std::chrono::seconds(10));
  EXPECT_EQ(look(one), 2U);
  EXPECT_EQ(drop_.bytes_of("archive/2025-11-24/past.xml"), "1");
}

TEST_F(IncomingTest, AManifestVouchesForItsFile) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  drop_.put("a.xml", "one");
  look_until_empty();
  EXPECT_THAT(names_taken(), IsEmpty()) << "a file without a manifest is not whole";
  drop_.put("a.xml.sha256", sha256_line("a.xml", "one"));
  look_until_empty();
  EXPECT_THAT(names_taken(), ElementsAre("a.xml"));
  EXPECT_FALSE(receiver_.accepted().at(0).headers.contains("intake-error-code"));
  EXPECT_THAT(drop_.files_in("archive"), ElementsAre("a.xml", "a.xml.sha256"));
}

TEST_F(IncomingTest, AFileThatItsManifestContradictsIsRefused) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  drop_.put("a.xml", "on");
  drop_.put("a.xml.sha256", sha256_line("a.xml", "one"));
  Acceptance refused;
  refused.verdict = Acceptance::Verdict::kRefused;
  refused.code = "file.manifest";
  receiver_.will_answer(refused);
  Incoming one = source({});
  look(one);
  EXPECT_THAT(drop_.files_in("error"), ElementsAre("a.xml", "a.xml.reason.txt", "a.xml.sha256"));
  EXPECT_THAT(drop_.bytes_of("error/a.xml.reason.txt"), ::testing::StartsWith("file.manifest"));
}

// A shell makes the manifest before its program writes into it.
TEST_F(IncomingTest, AManifestThatMayBeHalfWrittenCountsOnceItLiesStill) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  settings_.quiet = std::chrono::seconds(10);
  Incoming one = source({});
  const std::string line = sha256_line("a.xml", "one");
  drop_.put("a.xml", "on");  // not whole either
  for (const std::size_t written : {std::size_t{0}, std::size_t{40}, line.size() - 3}) {
    drop_.put("a.xml.sha256", line.substr(0, written));
    EXPECT_EQ(look(one), 0U) << written;
    context_.mutable_clock().advance(std::chrono::seconds(9));
    EXPECT_EQ(look(one), 0U) << written;
  }
  drop_.put("a.xml", "one");
  drop_.put("a.xml.sha256", line);
  EXPECT_EQ(look(one), 1U);
  drop_.put("b.xml", "two");
  drop_.put("b.xml.sha256", "");
  EXPECT_EQ(look(one), 0U);
  context_.mutable_clock().advance(std::chrono::seconds(10));
  EXPECT_EQ(look(one), 1U) << "an empty one stays empty";
  EXPECT_THAT(names_taken(), ElementsAre("a.xml", "b.xml"));
  for (const Message& message : receiver_.accepted())
    EXPECT_FALSE(message.headers.contains("intake-error-code"));
}

// Without its manifest, which has moved already, the file is not what the host has of it.
TEST_F(IncomingTest, AStopWhileAFileIsSetAsideKeepsTheReason) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  drop_.put("a.xml", "on");
  drop_.put("a.xml.sha256", sha256_line("a.xml", "one"));
  Acceptance answer;
  answer.verdict = Acceptance::Verdict::kRefused;
  answer.code = "file.manifest";
  receiver_.will_answer(answer);
  Incoming dying = source([](const char* step) {
    if (std::string_view(step) == "manifest-finished") throw std::runtime_error("killed");
  });
  EXPECT_THROW(static_cast<void>(dying.look_once(receiver_)), std::runtime_error);
  answer.verdict = Acceptance::Verdict::kConflict;
  receiver_.will_answer(answer);
  Incoming next = source({});
  EXPECT_EQ(look(next), 1U);
  EXPECT_THAT(drop_.files_in("error"), ElementsAre("a.xml", "a.xml.reason.txt", "a.xml.sha256"));
  EXPECT_THAT(drop_.bytes_of("error/a.xml.reason.txt"), ::testing::StartsWith("file.manifest"));
}

TEST_F(IncomingTest, AManifestWhoseFileNeverComesIsSetAside) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  drop_.put("a.xml.sha256", sha256_line("a.xml", "one"));
  Incoming one = source({});
  look(one);
  EXPECT_TRUE(drop_.has("a.xml.sha256"));
  context_.mutable_clock().advance(std::chrono::hours(1));
  look(one);
  EXPECT_THAT(drop_.files_in("error"), ElementsAre("a.xml.sha256", "a.xml.sha256.reason.txt"));
  EXPECT_EQ(context_.metrics().value("files_incomplete"), 1);
}

TEST_F(IncomingTest, AFileThatIsStillWrittenAfterItsClaimIsNotTaken) {
  drop_.put("a.xml", "ha");
  TroubledFolder growing(*folder_);
  // Its writer goes on under the new name while we read it.
  growing.trouble_after([this](const std::string& operation) {
    if (operation == "read" && drop_.bytes_of("claimed/a.xml") == "ha")
      drop_.append("claimed/a.xml", "lf");
    return Result<void>();
  });
  Incoming other(settings_, growing, context_, {});
  EXPECT_EQ(look(other), 0U);
  EXPECT_EQ(look(other), 1U);
  EXPECT_EQ(body_of(receiver_.accepted().at(0)), "half");
}

TEST_F(IncomingTest, WhatMustNotBeTakenIsHandedOverAsRefused) {
  struct Case {
    const char* code;
    std::string name;
    std::string bytes;
  };
  const std::vector<Case> cases{{"file.empty", "a.xml", ""},
                                {"file.too_large", "a.xml", std::string(1001, 'x')},
                                {"file.charset", "a.xml", "\xB7\xBF"},
                                {"file.name", "\xE6\x88\xBF\xE4\xBA\xA7.xml", "x"},
                                {"file.name", "a\nb.xml", "x"}};
  settings_.taken.charset = Charset::kUtf8;
  for (const Case& wrong : cases) {
    DropFolder drop;
    FakeReceiver receiver;
    Acceptance refused;
    refused.verdict = Acceptance::Verdict::kRefused;
    refused.code = wrong.code;
    receiver.will_answer(refused);
    drop.put(wrong.name, wrong.bytes);
    const auto folder = open_local_folder(drop.path());
    CodeReceiver watching(receiver);
    Incoming one(settings_, *folder, context_, {});
    auto taken = one.look_once(watching);
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_EQ(watching.codes(), wrong.code);
    EXPECT_THAT(drop.files_in("error"), SizeIs(2)) << wrong.code;
    EXPECT_THAT(drop.files_in("claimed"), IsEmpty());
    EXPECT_EQ(one.look_once(watching).value(), 0U);
  }
}

TEST_F(IncomingTest, AHostThatIsBusyIsLeftAloneAndOrderStays) {
  for (const char* name : {"a", "b", "c", "d"}) drop_.put(name, name);
  Acceptance busy;
  busy.retry_after = std::chrono::seconds(7);
  receiver_.will_answer(busy);
  receiver_.will_answer(busy);
  receiver_.will_answer(busy);
  Incoming one = source({});
  auto taken = one.look_once(receiver_);
  EXPECT_EQ(taken.value(), 0U);
  EXPECT_EQ(one.pause_after(taken), std::chrono::seconds(7));
  EXPECT_THAT(drop_.files_in("claimed"), SizeIs(3));
  look_until_empty();
  EXPECT_THAT(names_taken(), ElementsAre("a", "b", "c", "d"));
}

TEST_F(IncomingTest, TheSameFileAgainIsTheSameAndAnotherContentIsAnotherMessage) {
  LedgerReceiver ledger(drop_.path() + "/.ledger");
  Incoming one = source({});
  for (const char* bytes : {"one", "one", "two"}) {
    drop_.put("a.xml", bytes);
    ASSERT_EQ(one.look_once(ledger).value(), 1U);
  }
  EXPECT_THAT(ledger.taken(), SizeIs(2));
  EXPECT_THAT(drop_.files_in("archive"), SizeIs(2)) << "each content is kept once";
}

// What one message is made of: a file, one with its manifest, or a parcel of two with theirs.
int drop_one(const DropFolder& drop, const IncomingSettings& settings, const std::string& name) {
  const std::string bytes = "bytes of " + name;
  drop.put(name, bytes);
  if (settings.complete != Completeness::kManifest) return 1;
  std::string lines = sha256_line(name, bytes);
  const bool parcel = settings.taken.most_files > 1;
  if (parcel) {
    drop.put(name + ".pdf", "plan of " + name);
    lines += sha256_line(name + ".pdf", "plan of " + name);
  }
  drop.put(name + settings.places.manifest_suffix, lines);
  return parcel ? 3 : 2;
}

// The process is killed right behind each step; the next one must finish the work once.
void expect_once_across_kills(IncomingSettings settings, FakeContext& context, DropFolder& drop,
                              const std::vector<const char*>& steps) {
  const auto folder = open_local_folder(drop.path());
  LedgerReceiver ledger(drop.path() + "/.ledger");
  std::size_t dropped = 0;
  std::size_t files = 0;
  for (const char* step : steps) {
    for (int times = 1; times <= 2; ++times) {  // at the first and at the second time
      for (int file = 0; file < 4; ++file)
        files += drop_one(drop, settings, "f" + std::to_string(1000 + ++dropped));
      const pid_t child = fork();
      if (child == 0) {
        int left = times;
        Incoming dying(settings, *folder, context, [&](const char* reached) {
          if (std::string_view(reached) == step && --left == 0) std::raise(SIGKILL);
        });
        while (dying.look_once(ledger).ok()) {
        }
        _exit(1);
      }
      int how = 0;
      ASSERT_EQ(waitpid(child, &how, 0), child);
      ASSERT_TRUE(WIFSIGNALED(how)) << "the step " << step << " was not reached";
      Incoming next(settings, *folder, context, {});
      for (int round = 0; round < 9; ++round) ASSERT_TRUE(next.look_once(ledger)) << step;
      EXPECT_THAT(ledger.taken(), SizeIs(dropped)) << step;
      EXPECT_THAT(drop.files_in("claimed"), IsEmpty()) << step;
      EXPECT_THAT(drop.files_in("archive"), SizeIs(files)) << step;
    }
  }
  auto taken = ledger.taken();
  std::sort(taken.begin(), taken.end());
  EXPECT_EQ(std::unique(taken.begin(), taken.end()), taken.end()) << "something was taken twice";
  EXPECT_THAT(drop.files_in("error"), IsEmpty());
}

TEST_F(IncomingTest, AKillAtEveryStepLosesNothingAndTakesNothingTwice) {
  expect_once_across_kills(settings_, context_, drop_, {"claimed", "read", "accepted", "finished"});
}

TEST_F(IncomingTest, NorDoesItWithManifests) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  expect_once_across_kills(
      settings_, context_, drop_,
      {"manifest-claimed", "claimed", "read", "accepted", "manifest-finished", "finished"});
}

TEST_F(IncomingTest, WhatCannotBeTakenStarvesNothingBehindIt) {
  settings_.window = 3;
  for (int number = 0; number < 10; ++number) drop_.make("a" + std::to_string(number));
  drop_.put("z", "x");
  Incoming one = source({});
  for (int round = 0; round < 5; ++round) look(one);
  EXPECT_THAT(names_taken(), ElementsAre("z"));
  drop_.put("a10", "x");
  for (int round = 0; round < 5; ++round) look(one);
  EXPECT_THAT(names_taken(), ElementsAre("z", "a10"));
}

// Names are remembered for a window at most; lying still takes several looks.
TEST_F(IncomingTest, WhatLiesStillIsTakenHoweverManyFilesThereAre) {
  settings_.complete = Completeness::kUnchanged;
  settings_.window = 3;
  for (int number = 0; number < 10; ++number) drop_.put("f" + std::to_string(number), "x");
  Incoming one = source({});
  for (int second = 0; second < 120; ++second) {
    look(one);
    context_.mutable_clock().advance(std::chrono::seconds(1));
  }
  EXPECT_THAT(names_taken(),
              ElementsAre("f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9"));
}

TEST_F(IncomingTest, WhatNeverLiesStillStarvesNothingBehindIt) {
  settings_.complete = Completeness::kUnchanged;
  settings_.window = 3;
  for (int number = 0; number < 7; ++number) drop_.put("a" + std::to_string(number), "x");
  drop_.put("z", "x");
  Incoming one = source({});
  for (int second = 0; second < 60 && names_taken().empty(); ++second) {
    look(one);
    for (int number = 0; number < 7; ++number) drop_.append("a" + std::to_string(number), "x");
    context_.mutable_clock().advance(std::chrono::seconds(1));
  }
  EXPECT_THAT(names_taken(), ElementsAre("z"));
}

TEST_F(IncomingTest, NorDoesItWithParcels) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  settings_.taken.most_files = 2;
  expect_once_across_kills(
      settings_, context_, drop_,
      {"manifest-claimed", "claimed", "read", "accepted", "decided", "file-finished", "finished"});
}

TEST_F(IncomingTest, ANameSaysWhatItsFileIsKeptInOrderBy) {
  settings_.taken.order_name = NamePattern::parse("Biz_{key}_*.xml").value();
  settings_.taken.order_kind = "unit";
  drop_.put("Biz_411324001_7.xml", "a");
  drop_.put("Biz_411324001_8.xml", "b");
  look_until_empty();
  ASSERT_THAT(receiver_.accepted(), SizeIs(2));
  for (const Message& message : receiver_.accepted())
    EXPECT_THAT(message.order_keys, ElementsAre(OrderKey{"unit", "411324001"}));
}

TEST_F(IncomingTest, ANameThatDoesNotSayItIsRefused) {
  settings_.taken.order_name = NamePattern::parse("Biz_{key}.xml").value();
  drop_.put("other.xml", "a");
  Acceptance refused;
  refused.verdict = Acceptance::Verdict::kRefused;
  refused.code = "file.name";
  receiver_.will_answer(refused);
  CodeReceiver watching(receiver_);
  Incoming one = source({});
  ASSERT_TRUE(one.look_once(watching));
  EXPECT_EQ(watching.codes(), "file.name");
  EXPECT_THAT(drop_.files_in("error"), ElementsAre("other.xml", "other.xml.reason.txt"));
}

TEST_F(IncomingTest, AHundredThousandFilesAreTakenInOrderWithOneListingForEachWindow) {
  // The short form has 3,000 of them; CERTBRIDGE_LONG=1 all.
  const int most = std::getenv("CERTBRIDGE_LONG") == nullptr ? 3'000 : 100'000;
  settings_.window = static_cast<std::size_t>(most / 10);
  settings_.batch = 256;
  for (int number = 0; number < most; ++number)
    drop_.put("f" + std::to_string(1'000'000 + number), "x");
  CountingReceiver counting;
  TroubledFolder listing(*folder_);
  Incoming one(settings_, listing, context_, {});
  while (one.look_once(counting).value() > 0) {
  }
  EXPECT_EQ(counting.taken(), most);
  EXPECT_TRUE(counting.in_order());
  EXPECT_LE(listing.times("list"), 13) << "one listing for each window, not for each batch";
}

}  // namespace
}  // namespace certbridge::file::testing

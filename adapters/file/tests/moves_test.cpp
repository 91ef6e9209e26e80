// Archive and error folder on another file system: a file gets there by a copy. The process is
// killed at every step of it, within the copy too, and the power may go with it.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/ledger_receiver.h"
#include "drop_folder.h"
#include "fetch.h"
#include "incoming.h"
#include "local_folder.h"
#include "power_cut.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::call_of;
using certbridge::testing::FakeContext;
using certbridge::testing::LedgerReceiver;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kMovesManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";
constexpr const char* kSecondDevice = "/dev/shm";
constexpr const char* kMoveSteps[] = {"copy-begun",      "half-copied", "copied",
                                      "copy-synced",     "copy-named",  "copy-durable",
                                      "original-removed"};
constexpr std::size_t kThreePieces = 150'000;

// Keeps a ledger, and refuses every message.
class RefusingReceiver final : public Receiver {
 public:
  explicit RefusingReceiver(Receiver& ledger) : ledger_(ledger) {}
  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    std::vector<Acceptance> answers = ledger_.accept(std::move(messages));
    for (Acceptance& answer : answers) {
      answer.verdict = Acceptance::Verdict::kRefused;
      answer.code = "report.unknown";
    }
    return answers;
  }
  Result<void> settle(const Correlation&, const Outcome&) override { return {}; }

 private:
  Receiver& ledger_;
};

class MovesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(device_of(drop_.path()), device_of(other_.path()))
        << "TMPDIR must lie on another file system than " << kSecondDevice;
    watch_syncs(other_.path(), drop_.path() + "/.synced");
    settings_.taken.type = "report";
    settings_.taken.largest = 1'000'000;
    settings_.batch = 2;
    settings_.places.archive = other_.path() + "/archive";
    settings_.places.error = other_.path() + "/error";
  }
  static dev_t device_of(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0) << "this test needs " << path;
    return found.st_dev;
  }
  static Call call() { return call_of("test", std::chrono::seconds(20)); }
  static std::string bytes_of(const std::string& name) {
    return name + std::string(kThreePieces, 'x');
  }
  void put(const std::string& name, const std::string& bytes) {
    drop_.put(name, bytes);
    dropped_[name] = bytes;
  }
  // A message's files: one, with its manifest, or two with theirs.
  void drop_one() {
    const std::string name = "f" + std::to_string(++messages_);
    const std::string bytes = bytes_of(name);
    put(name, bytes);
    if (settings_.complete != Completeness::kManifest) return;
    std::string lines = sha256_line(name, bytes);
    if (settings_.taken.most_files > 1) {
      put(name + ".pdf", "plan");
      lines += sha256_line(name + ".pdf", "plan");
    }
    put(name + settings_.places.manifest_suffix, lines);
  }
  // A process of its own does `work` on the folder, and is killed when it reaches the step for the
  // so many-th time.
  template <class Work>
  void die_at(const std::string& step, int times, bool power_too, const Work& work) {
    const pid_t child = fork();
    if (child == 0) {
      const auto own = open_watched_folder(drop_.path(), [&](const char* reached) {
        if (step != reached || --times > 0) return;
        if (power_too) cut_power();
        std::raise(SIGKILL);
      });
      work(*own);
      _exit(1);
    }
    int how = 0;
    ASSERT_EQ(waitpid(child, &how, 0), child);
    ASSERT_TRUE(WIFSIGNALED(how)) << "the step " << step << " was not reached";
  }
  void die_taking(const std::string& step, int times, bool power_too, Receiver& receiver) {
    die_at(step, times, power_too, [&](Folder& own) {
      Incoming dying(settings_, own, context_, {});
      for (int round = 0; round < 5; ++round) static_cast<void>(dying.look_once(receiver));
    });
  }
  void finish(Receiver& receiver) {
    Incoming next(settings_, *folder_, context_, {});
    for (int round = 0; round < 3; ++round) ASSERT_TRUE(next.look_once(receiver));
  }
  // Each file lies in `place` once, whole, and nothing else does; also without power.
  void expect_all_once_in(const std::string& place) {
    cut_power();
    std::vector<std::string> names;
    for (const auto& [name, bytes] : dropped_) names.push_back(name);
    EXPECT_EQ(other_.files_in(place), names);
    for (const auto& [name, bytes] : dropped_) EXPECT_TRUE(is_whole(place, name, bytes)) << name;
    EXPECT_THAT(drop_.files_in("claimed"), IsEmpty());
    auto taken = ledger_.taken();
    EXPECT_THAT(taken, SizeIs(messages_));
    std::sort(taken.begin(), taken.end());
    EXPECT_EQ(std::unique(taken.begin(), taken.end()), taken.end()) << "something was taken twice";
  }
  bool is_whole(const std::string& place, const std::string& name, const std::string& bytes) {
    const std::string path = place + (place == "error" ? "/" : "/2026-11-24/") + name;
    return other_.has(path) && other_.bytes_of(path) == bytes;
  }
  // With the power or without, at the first file and at the second.
  template <class Check>
  void at_every_step(Receiver& receiver, const Check& check) {
    for (const char* step : kMoveSteps) {
      for (const bool power_too : {false, true}) {
        for (int times = 1; times <= 2; ++times) {
          SCOPED_TRACE(std::string(step) + (power_too ? ", the power too" : ""));
          drop_one();
          drop_one();
          die_taking(step, times, power_too, receiver);
          finish(receiver);
          check();
          if (HasFailure()) return;
        }
      }
    }
  }

  DropFolder drop_{};
  DropFolder other_{kSecondDevice};
  FakeContext context_{kMovesManifest, "incoming", {{"folder", drop_.path()}, {"type", "report"}}};
  std::unique_ptr<Folder> folder_ = open_local_folder(drop_.path());
  LedgerReceiver ledger_{drop_.path() + "/.ledger"};
  IncomingSettings settings_{};
  std::map<std::string, std::string> dropped_{};
  std::size_t messages_ = 0;
};

TEST_F(MovesTest, AKillAtEveryStepOfTheCopyLosesNothingAndTakesNothingTwice) {
  at_every_step(ledger_, [this] { expect_all_once_in("archive"); });
}

TEST_F(MovesTest, NorDoesItWithManifests) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  at_every_step(ledger_, [this] { expect_all_once_in("archive"); });
}

TEST_F(MovesTest, NorDoesItWithParcels) {
  settings_.complete = Completeness::kManifest;
  settings_.places.manifest_suffix = ".sha256";
  settings_.taken.most_files = 2;
  at_every_step(ledger_, [this] { expect_all_once_in("archive"); });
}

TEST_F(MovesTest, NorDoesItWithWhatIsRefused) {
  RefusingReceiver refusing(ledger_);
  at_every_step(refusing, [this] {
    for (std::size_t number = messages_ - 1; number <= messages_; ++number)
      dropped_["f" + std::to_string(number) + ".reason.txt"] = "report.unknown: \n";
    expect_all_once_in("error");
  });
}

// The host was down over midnight: the archive may have the file under both days, and no half one.
TEST_F(MovesTest, TheNextDayFindsNoHalfCopy) {
  for (const char* step : kMoveSteps) {
    SCOPED_TRACE(step);
    drop_one();
    die_taking(step, 1, false, ledger_);
    context_.mutable_clock().set(context_.clock().now() + std::chrono::hours(24));
    finish(ledger_);
    const bool named = step == std::string("copy-named") || step == std::string("copy-durable");
    const std::string name = "f" + std::to_string(messages_);
    EXPECT_EQ(other_.files_in("archive"), std::vector<std::string>(named ? 2 : 1, name));
    EXPECT_THAT(drop_.files_in("claimed"), IsEmpty());
    EXPECT_THAT(ledger_.taken(), SizeIs(messages_));
    std::filesystem::remove_all(other_.path() + "/archive");
  }
}

TEST_F(MovesTest, WhatWasFetchedIsArchivedOnceAcrossKills) {
  FetchSettings settings;
  settings.archive = other_.path() + "/archive";
  settings.taken.largest = 1'000'000;
  const auto archive = [&](Folder& folder) {
    Fetch fetch(settings, folder, context_);
    Message question;
    question.type = "file.archive";
    question.headers["file-name"] = "f" + std::to_string(messages_);
    auto answer = fetch.answer(question, call());
    return answer ? answer.value().headers.at("file-state") : answer.error().code;
  };
  for (const char* step : kMoveSteps) {
    for (const bool power_too : {false, true}) {
      SCOPED_TRACE(step);
      drop_one();
      die_at(step, 1, power_too, [&](Folder& own) { static_cast<void>(archive(own)); });
      const bool gone = step == std::string("original-removed");
      EXPECT_EQ(archive(*folder_), gone ? "absent" : "archived");
      EXPECT_EQ(archive(*folder_), "absent");
      cut_power();
      EXPECT_THAT(other_.files_in("archive"), SizeIs(messages_));
      const std::string name = "f" + std::to_string(messages_);
      EXPECT_TRUE(is_whole("archive", name, bytes_of(name)));
    }
  }
}

TEST_F(MovesTest, ACallThatIsOverLeavesNoHalfCopy) {
  drop_one();
  std::stop_source stop;
  Call stopped = call();
  stopped.stop = stop.get_token();
  const auto watched = open_watched_folder(drop_.path(), [&](const char* step) {
    if (step == std::string("half-copied")) stop.request_stop();
  });
  const Error error = watched->move("f1", other_.path() + "/f1", other_.path(), stopped).error();
  EXPECT_EQ(error.code, "file.cancelled");
  EXPECT_THAT(other_.files_in(""), IsEmpty());
  EXPECT_EQ(drop_.bytes_of("f1"), bytes_of("f1"));
}

// Two that wrote into one copy could name it while it is half.
TEST_F(MovesTest, OneCopyOfAFileGrowsAtATime) {
  drop_one();
  const std::string to = other_.path() + "/f1";
  std::string second;
  const auto watched = open_watched_folder(drop_.path(), [&](const char* step) {
    if (step != std::string("half-copied") || !second.empty()) return;
    auto moved = folder_->move("f1", to, other_.path(), call());
    second = moved ? "moved" : moved.error().code;
  });
  ASSERT_TRUE(watched->move("f1", to, other_.path(), call()));
  EXPECT_EQ(second, "file.busy");
  EXPECT_EQ(other_.bytes_of("f1"), bytes_of("f1"));
  EXPECT_FALSE(drop_.has("f1"));
}

// Whatever files are called, none is overwritten by the copy of another.
TEST_F(MovesTest, NoNameOfAFileIsThatOfACopy) {
  Incoming source(settings_, *folder_, context_, {});
  for (const char* name : {"a.copying", "a", "a.tmp.copying"}) {
    drop_.put(name, name);
    ASSERT_TRUE(source.look_once(ledger_));
  }
  EXPECT_THAT(other_.files_in("archive"), ElementsAre("a", "a.copying", "a.tmp.copying"));
}

}  // namespace
}  // namespace certbridge::file::testing

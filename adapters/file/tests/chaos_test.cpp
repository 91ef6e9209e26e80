// Trouble with the file system: operations that fail or whose answers are lost, folders on two
// devices, full disks, permissions. Nothing is lost, nothing is taken or delivered twice.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/fakes.h"
#include "certbridge/testing/ledger_receiver.h"
#include "certbridge/testing/memory_content.h"
#include "drop_folder.h"
#include "incoming.h"
#include "limited_disk.h"
#include "local_folder.h"
#include "outgoing.h"
#include "troubled_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::host::testing::limit_disk;
using certbridge::testing::call_of;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeReceiver;
using certbridge::testing::LedgerReceiver;
using certbridge::testing::message_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kPluginFile = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";
constexpr const char* kOtherDevice = "/dev/shm";

// For as long as it lives the process is nobody, where it was root: root may write everywhere.
constexpr uid_t kNobody = 65534;
class AsNobody {
 public:
  AsNobody() {
    if (was_root_) {
      EXPECT_EQ(::seteuid(kNobody), 0);
    }
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (was_root_) {
      EXPECT_EQ(::seteuid(0), 0);
    }
  }

 private:
  bool was_root_ = ::geteuid() == 0;
};

// Fails the operation of this number, counted from one.
TroubledFolder::Trouble fail_at(int number, int& count) {
  return [number, &count](const std::string& operation) -> Result<void> {
    if (++count != number) return {};
    return Error::retryable("file.connection", "the answer to " + operation + " was lost");
  };
}

class ChaosTest : public ::testing::Test {
 protected:
  // Files of one message: alone, with a manifest, or two with theirs.
  enum class Kind { kAlone = 1, kManifest = 2, kParcel = 3 };

  static IncomingSettings settings(Kind kind) {
    IncomingSettings settings;
    settings.taken.type = "report";
    settings.taken.largest = 1'000'000;
    settings.batch = 2;
    if (kind == Kind::kAlone) return settings;
    settings.taken.most_files = kind == Kind::kParcel ? 2 : 1;
    settings.complete = Completeness::kManifest;
    settings.places.manifest_suffix = ".ok";
    settings.quiet = std::chrono::milliseconds(0);  // the manifests are empty
    return settings;
  }
  static Call call() { return call_of("test", std::chrono::seconds(20)); }
  static Message named(const std::string& name, const std::string& body) {
    Message message = message_of("report", "application/xml", body);
    message.headers["file-name"] = name;
    return message;
  }
  // Three files; one operation fails at first. True while the failure was reached.
  bool taken_once_although(int number, bool after, Kind kind) {
    const DropFolder drop;
    for (const char* name : {"a", "b", "c"}) {
      drop.put(name, std::string("bytes of ") + name);
      std::string lines;
      if (kind == Kind::kParcel) {
        drop.put(std::string(name) + ".pdf", "x");
        lines = sha256_line(name, std::string("bytes of ") + name) +
                sha256_line(std::string(name) + ".pdf", "x");
      }
      if (kind != Kind::kAlone) drop.put(std::string(name) + ".ok", lines);
    }
    const auto real = open_local_folder(drop.path());
    TroubledFolder folder(*real);
    int count = 0;
    if (after) folder.trouble_after(fail_at(number, count));
    if (!after) folder.trouble_before(fail_at(number, count));
    LedgerReceiver ledger(drop.path() + "/.ledger");
    Incoming source(settings(kind), folder, context_, {});
    for (int round = 0; round < 5; ++round) static_cast<void>(source.look_once(ledger));
    EXPECT_THAT(ledger.taken(), SizeIs(3)) << "operation " << number;
    EXPECT_THAT(drop.files_in("archive"), SizeIs(3 * static_cast<int>(kind)))
        << "operation " << number;
    EXPECT_THAT(drop.files_in("claimed"), IsEmpty()) << "operation " << number;
    EXPECT_THAT(drop.files_in("error"), IsEmpty()) << "operation " << number;
    return count >= number;
  }

  DropFolder drop_{};
  FakeContext context_{kPluginFile, "incoming", {{"folder", drop_.path()}, {"type", "report"}}};
};

TEST_F(ChaosTest, EachOperationOfTheSourceMayFailOrItsAnswerBeLost) {
  for (const bool after : {false, true}) {
    for (const Kind kind : {Kind::kAlone, Kind::kManifest, Kind::kParcel}) {
      int number = 1;
      while (taken_once_although(number, after, kind)) ++number;
      EXPECT_GT(number, 15) << "far too few operations failed";
      if (HasFailure()) return;
    }
  }
}

TEST_F(ChaosTest, EachOperationOfTheSinkMayFailOrItsAnswerBeLost) {
  for (const bool after : {false, true}) {
    bool reached = true;
    for (int number = 1; reached; ++number) {
      const DropFolder drop;
      const auto real = open_local_folder(drop.path());
      TroubledFolder folder(*real);
      int count = 0;
      if (after) folder.trouble_after(fail_at(number, count));
      if (!after) folder.trouble_before(fail_at(number, count));
      Outgoing sink({}, folder, context_.clock(), {});
      auto sent = sink.send(named("a.xml", "ours"), call());
      reached = count >= number;
      if (!sent) {
        auto confirmed = sink.confirm(named("a.xml", "ours"), call());
        ASSERT_TRUE(confirmed);
        EXPECT_EQ(confirmed.value().state == Confirmation::State::kPresent, drop.has("a.xml"));
        EXPECT_TRUE(sink.send(named("a.xml", "ours"), call())) << "operation " << number;
      }
      EXPECT_THAT(drop.files_in(""), ElementsAre("a.xml")) << "operation " << number;
      EXPECT_EQ(drop.bytes_of("a.xml"), "ours");
    }
  }
}

class TwoDevices : public ChaosTest {
 protected:
  void SetUp() override {
    struct stat here {};
    struct stat there {};
    ASSERT_EQ(::stat(drop_.path().c_str(), &here), 0);
    ASSERT_EQ(::stat(kOtherDevice, &there), 0) << "this test needs " << kOtherDevice;
    ASSERT_NE(here.st_dev, there.st_dev)
        << "TMPDIR must lie on another file system than " << kOtherDevice;
  }
  DropFolder other_{kOtherDevice};
  std::unique_ptr<Folder> folder_ = open_local_folder(drop_.path());
  LedgerReceiver ledger_{drop_.path() + "/.ledger"};
};

TEST_F(TwoDevices, AnArchiveElsewhereIsCopiedToAndThenTheFileGoes) {
  IncomingSettings there = settings(Kind::kAlone);
  there.places.archive = other_.path() + "/archive";
  Incoming source(there, *folder_, context_, {});
  const std::string bytes(200'000, 'x');
  drop_.put("a", bytes);
  ASSERT_EQ(source.look_once(ledger_).value(), 1U);
  EXPECT_EQ(other_.bytes_of("archive/2026-11-24/a"), bytes);
  EXPECT_THAT(drop_.files_in("claimed"), IsEmpty());
}

TEST_F(TwoDevices, AFullArchiveElsewhereLosesNothing) {
  IncomingSettings there = settings(Kind::kAlone);
  there.places.archive = other_.path() + "/archive";
  Incoming source(there, *folder_, context_, {});
  drop_.put("a", std::string(200'000, 'x'));
  limit_disk(other_.path(), 100'000);
  EXPECT_EQ(source.look_once(ledger_).error().code, "file.disk_full");
  EXPECT_EQ(source.look_once(ledger_).error().code, "file.disk_full");
  EXPECT_THAT(other_.files_in(""), IsEmpty()) << "a half copy takes no room";
  EXPECT_THAT(drop_.files_in("claimed"), ElementsAre("a"));
  limit_disk({}, 0);
  ASSERT_EQ(source.look_once(ledger_).value(), 1U);
  EXPECT_THAT(ledger_.taken(), SizeIs(1));
  EXPECT_EQ(other_.bytes_of("archive/2026-11-24/a").size(), 200'000U);
}

TEST_F(TwoDevices, AClaimedFolderElsewhereIsAFaultThatTakesNothing) {
  IncomingSettings there = settings(Kind::kAlone);
  there.places.claimed = other_.path() + "/claimed";
  Incoming source(there, *folder_, context_, {});
  drop_.put("a", "x");
  const Error error = source.look_once(ledger_).error();
  EXPECT_EQ(error.code, "file.cross_device");
  EXPECT_EQ(error.severity, Severity::kFault);
  EXPECT_TRUE(drop_.has("a"));
  EXPECT_THAT(ledger_.taken(), IsEmpty());
}

TEST_F(ChaosTest, AFullDiskDelaysAndLeavesNoHalfFile) {
  const auto folder = open_local_folder(drop_.path());
  Outgoing sink({}, *folder, context_.clock(), {});
  const Message message = named("a.xml", std::string(300'000, 'x'));
  limit_disk(drop_.path(), 150'000);
  const Error error = sink.send(message, call()).error();
  EXPECT_EQ(error.code, "file.disk_full");
  EXPECT_EQ(error.severity, Severity::kRetryable);
  EXPECT_THAT(drop_.files_in(""), IsEmpty());
  EXPECT_EQ(sink.confirm(message, call()).value().state, Confirmation::State::kAbsent);
  limit_disk({}, 0);
  EXPECT_TRUE(sink.send(message, call()));
  EXPECT_EQ(sink.confirm(message, call()).value().state, Confirmation::State::kPresent);
}

TEST_F(ChaosTest, AFullDiskDoesNotLoseWhatIsSetAside) {
  const auto folder = open_local_folder(drop_.path());
  IncomingSettings given = settings(Kind::kAlone);
  Incoming source(given, *folder, context_, {});
  certbridge::testing::FakeReceiver receiver;
  Acceptance refused;
  refused.verdict = Acceptance::Verdict::kRefused;
  refused.code = "report.unknown";
  receiver.will_answer(refused);
  receiver.will_answer(refused);
  drop_.put("a", "x");
  limit_disk(drop_.path(), 1);
  EXPECT_EQ(source.look_once(receiver).error().code, "file.disk_full");
  EXPECT_THAT(drop_.files_in("claimed"), ElementsAre("a"));
  limit_disk({}, 0);
  EXPECT_EQ(source.look_once(receiver).value(), 1U);
  EXPECT_EQ(drop_.bytes_of("error/a.reason.txt"), "report.unknown: \n");
}

TEST_F(ChaosTest, MissingPermissionsAreAFaultUntilTheyAreGiven) {
  const auto folder = open_local_folder(drop_.path());
  Incoming source(settings(Kind::kAlone), *folder, context_, {});
  Outgoing sink({}, *folder, context_.clock(), {});
  LedgerReceiver ledger(drop_.path() + "/.ledger");
  drop_.put("a", "x");
  for (const char* made : {"claimed", "archive", "error"}) drop_.make(made);
  ASSERT_EQ(::chmod(drop_.path().c_str(), 0555), 0);
  {
    const AsNobody nobody;
    const Error error = source.look_once(ledger).error();
    EXPECT_EQ(error.code, "file.permission") << error.message;
    EXPECT_EQ(error.severity, Severity::kFault);
    EXPECT_EQ(sink.send(named("b", "y"), call()).error().code, "file.permission");
  }
  EXPECT_THAT(ledger.taken(), IsEmpty());
  ASSERT_EQ(::chmod(drop_.path().c_str(), 0755), 0);
  EXPECT_EQ(source.look_once(ledger).value(), 1U);
}

TEST_F(ChaosTest, AFileThatMayNotBeReadHoldsUpNoOther) {
  const auto folder = open_local_folder(drop_.path());
  Incoming source(settings(Kind::kAlone), *folder, context_, {});
  LedgerReceiver ledger(drop_.path() + "/.ledger");
  for (const char* made : {"claimed", "archive", "error"}) {
    drop_.make(made);
    ASSERT_EQ(::chmod((drop_.path() + "/" + made).c_str(), 0777), 0);
  }
  ASSERT_EQ(::chmod(drop_.path().c_str(), 0777), 0);
  drop_.put("a", "x");
  drop_.put("b", "y");
  drop_.put(".ledger", "");
  ASSERT_EQ(::chmod((drop_.path() + "/.ledger").c_str(), 0666), 0);
  ASSERT_EQ(::chmod((drop_.path() + "/a").c_str(), 0000), 0);
  {
    const AsNobody nobody;
    for (int round = 0; round < 3; ++round) static_cast<void>(source.look_once(ledger));
  }
  EXPECT_THAT(ledger.taken(), SizeIs(1));
  EXPECT_THAT(drop_.files_in("claimed"), ElementsAre("a")) << "it waits for a person";
}

// In a folder like /tmp only a file's owner may rename it.
TEST_F(ChaosTest, AFileThatMayNotBeClaimedHoldsUpNoOther) {
  ASSERT_EQ(::geteuid(), 0U) << "this test makes files of two users: run it as root";
  const auto folder = open_local_folder(drop_.path());
  Incoming source(settings(Kind::kAlone), *folder, context_, {});
  FakeReceiver receiver;
  for (const char* made : {"claimed", "archive", "error"}) {
    drop_.make(made);
    ASSERT_EQ(::chmod((drop_.path() + "/" + made).c_str(), 0777), 0);
  }
  ASSERT_EQ(::chmod(drop_.path().c_str(), 01777), 0);
  ASSERT_EQ(::chown(drop_.path().c_str(), 0, 0), 0);
  for (const char* name : {"a", "b", "c"}) drop_.put(name, "x");
  ASSERT_EQ(::chown((drop_.path() + "/b").c_str(), kNobody, 0), 0);
  {
    const AsNobody nobody;
    EXPECT_EQ(source.look_once(receiver).value(), 1U);
    EXPECT_EQ(source.look_once(receiver).error().code, "file.permission") << "none can be claimed";
  }
  EXPECT_THAT(receiver.accepted(), SizeIs(1));
  EXPECT_TRUE(drop_.has("a") && drop_.has("c"));
  const auto logged = context_.logger().entries();
  const auto told = std::count_if(logged.begin(), logged.end(), [](const auto& entry) {
    return entry.event == "file.not_claimed";
  });
  EXPECT_EQ(told, 2) << "each file is told of once";
  EXPECT_EQ(source.look_once(receiver).value(), 2U) << "for root there is no such limit";
}

// Whoever may write into the drop folder must not turn the host's reading and renaming elsewhere.
TEST_F(ChaosTest, ALinkInPlaceOfAFolderIsNotFollowed) {
  const DropFolder elsewhere;
  elsewhere.put("secret", "key");
  for (const char* planted : {"claimed", "archive", "error"}) {
    const DropFolder drop;
    const auto folder = open_local_folder(drop.path());
    LedgerReceiver ledger(drop.path() + "/.ledger");
    Incoming source(settings(Kind::kAlone), *folder, context_, {});
    ASSERT_EQ(source.look_once(ledger).value(), 0U);
    const std::string place = drop.path() + "/" + planted;
    ASSERT_EQ(::rmdir(place.c_str()), 0);
    ASSERT_EQ(::symlink(elsewhere.path().c_str(), place.c_str()), 0);
    drop.put("a", "x");
    if (planted != std::string("error")) {
      EXPECT_EQ(source.look_once(ledger).error().code, "file.link") << planted << ", while it runs";
    }
    Incoming other(settings(Kind::kAlone), *folder, context_, {});
    EXPECT_EQ(other.look_once(ledger).error().code, "file.link") << planted << ", at the start";
    EXPECT_EQ(elsewhere.files_in(""), std::vector<std::string>{"secret"});
    ASSERT_EQ(::unlink(place.c_str()), 0);
    static_cast<void>(other.look_once(ledger));
    EXPECT_THAT(ledger.taken(), SizeIs(1)) << planted;
    EXPECT_EQ(drop.files_in("archive").size(), 1U) << planted;
  }
}

TEST_F(ChaosTest, WhatTheHostCannotKeepIsSetAside) {
  drop_.put("a", "x");
  const auto real = open_local_folder(drop_.path());
  TroubledFolder folder(*real);
  folder.trouble_before([](const std::string& operation) -> Result<void> {
    if (operation != "read") return {};
    return Error::permanent("content.too_large", "above what is kept");
  });
  FakeReceiver receiver;
  Incoming source(settings(Kind::kAlone), folder, context_, {});
  EXPECT_EQ(source.look_once(receiver).value(), 1U);
  EXPECT_EQ(receiver.accepted().front().headers.at("intake-error-code"), "file.too_large");
}

TEST_F(ChaosTest, AFolderThatIsGoneIsSaidAndComesBack) {
  const auto folder = open_local_folder(drop_.path() + "/share");
  Incoming source(settings(Kind::kAlone), *folder, context_, {});
  LedgerReceiver ledger(drop_.path() + "/.ledger");
  const Error error = source.look_once(ledger).error();
  EXPECT_EQ(error.severity, Severity::kFault) << error.code;
  drop_.make("share");
  drop_.put("share/a", "x");
  EXPECT_EQ(source.look_once(ledger).value(), 1U);
}

}  // namespace
}  // namespace certbridge::file::testing

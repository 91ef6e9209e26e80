// FTP and SFTP against real servers: what each operation answers, one session, outages, and the
// source's and sink's promises over them.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/ledger_receiver.h"
#include "certbridge/testing/memory_content.h"
#include "file_server.h"
#include "ftp_folder.h"
#include "incoming.h"
#include "outgoing.h"
#include "sftp_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::call_of;
using certbridge::testing::FakeContext;
using certbridge::testing::LedgerReceiver;
using certbridge::testing::message_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const std::string kFileManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";

class RemoteTest : public ::testing::TestWithParam<ServerKind> {
 protected:
  static FileServer& begun() {
    FileServer& server = FileServer::of(GetParam());
    server.begin();
    return server;
  }
  std::unique_ptr<Folder> open(ServerSettings settings) const {
    if (is_secure(GetParam())) return open_sftp_folder(std::move(settings));
    return open_ftp_folder(std::move(settings));
  }
  static Call call() { return call_of("test", std::chrono::seconds(20)); }
  void put(const std::string& name, const std::string& bytes) const {
    server_.folder().put(server_.below(name), bytes);
  }
  std::string bytes_of(const std::string& name) const {
    return server_.folder().bytes_of(server_.below(name));
  }
  bool has(const std::string& name) const { return server_.folder().has(server_.below(name)); }
  std::vector<std::string> files_in(const std::string& name) const {
    return server_.folder().files_in(server_.below(name));
  }
  Result<std::string> read(const std::string& name) {
    std::string bytes;
    auto read = folder_->read(
        name,
        [&](std::span<const std::byte> piece) {
          bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
          return Result<void>();
        },
        call());
    if (!read) return read.error();
    return bytes;
  }
  std::vector<std::string> list(const std::string& path) {
    std::vector<std::string> names;
    auto listed = folder_->list(
        path,
        [&](std::string_view name) {
          names.emplace_back(name);
          return true;
        },
        call());
    EXPECT_TRUE(listed) << listed.error().message;
    return names;
  }
  static Message named(const std::string& name, const std::string& body) {
    Message message = message_of("report", "application/xml", body);
    message.headers["file-name"] = name;
    return message;
  }
  static IncomingSettings incoming() {
    IncomingSettings settings;
    settings.taken.type = "report";
    settings.taken.largest = 1'000'000;
    settings.batch = 3;
    return settings;
  }

  FileServer& server_ = begun();
  std::unique_ptr<Folder> folder_ = open(server_.settings());
  FakeContext context_{kFileManifest, "incoming", {{"folder", "x"}, {"type", "report"}}};
};

TEST_P(RemoteTest, EveryOperationAnswersAsTheLocalOneDoes) {
  std::string bytes("\r\n\0\n\r", 5);
  bytes += std::string(300'000, '\xFF');
  ASSERT_TRUE(folder_->write("a.xml", *content_of(bytes), call()));
  EXPECT_TRUE(bytes_of("a.xml") == bytes) << "binary: no byte is changed on its way";
  EXPECT_TRUE(read("a.xml").value() == bytes);
  EXPECT_EQ(folder_->state("a.xml", call()).value()->size, bytes.size());
  EXPECT_FALSE(folder_->state("b.xml", call()).value().has_value());
  EXPECT_EQ(read("b.xml").error().code, "file.absent");
  EXPECT_TRUE(folder_->make("sub", call()));
  EXPECT_TRUE(folder_->make("sub", call())) << "it is there already";
  EXPECT_THAT(list(""), UnorderedElementsAre("a.xml", "sub"));
  EXPECT_THAT(list("sub"), IsEmpty());
  EXPECT_TRUE(folder_->rename("a.xml", "sub/a.xml", call()));
  EXPECT_THAT(list("sub"), ElementsAre("a.xml"));
  EXPECT_TRUE(folder_->sync("sub", call()));
  EXPECT_TRUE(folder_->remove("sub/a.xml", call()));
  EXPECT_TRUE(folder_->remove("sub/a.xml", call())) << "it is gone already";
  EXPECT_FALSE(has("sub/a.xml"));
}

TEST_P(RemoteTest, ARenameNeverReplaces) {
  put("a", "ours");
  put("b", "theirs");
  EXPECT_EQ(folder_->rename("a", "b", call()).error().code, "file.exists");
  EXPECT_EQ(folder_->rename("c", "d", call()).error().code, "file.absent");
  EXPECT_EQ(bytes_of("b"), "theirs");
  EXPECT_EQ(bytes_of("a"), "ours");
}

TEST_P(RemoteTest, AFolderThatIsNotThereIsTheSetUpsFault) {
  put("a", "x");
  const auto nothing = [](std::string_view) { return true; };
  EXPECT_EQ(folder_->list("nowhere", nothing, call()).error().code, "file.no_folder");
  EXPECT_EQ(folder_->write("nowhere/a", *content_of("x"), call()).error().code, "file.no_folder");
  EXPECT_EQ(folder_->rename("a", "nowhere/a", call()).error().code, "file.no_folder");
  EXPECT_FALSE(folder_->state("nowhere/a", call()).value().has_value());
  ServerSettings elsewhere = server_.settings();
  elsewhere.folder += "/not";
  EXPECT_EQ(open(elsewhere)->list("", nothing, call()).error().code, "file.no_folder");
}

TEST_P(RemoteTest, AListingMayBeLeftEarlyAndIsNeverHeld) {
  for (int number = 0; number < 1000; ++number)
    put("file-with-a-longer-name-" + std::to_string(number), "x");
  int seen = 0;
  ASSERT_TRUE(folder_->list(
      "", [&](std::string_view) { return ++seen < 5; }, call()));
  EXPECT_EQ(seen, 5);
  EXPECT_THAT(list(""), SizeIs(1000)) << "the session goes on";
  EXPECT_EQ(server_.logins(), 1);
}

TEST_P(RemoteTest, AllCallersShareOneSession) {
  std::vector<std::jthread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([this, caller] {
      const std::string name = "f" + std::to_string(caller);
      EXPECT_TRUE(folder_->write(name, *content_of(name), call()));
      EXPECT_TRUE(folder_->state(name, call()).value().has_value());
    });
  }
  callers.clear();
  EXPECT_THAT(files_in(""), SizeIs(8));
  EXPECT_EQ(server_.logins(), 1);
}

TEST_P(RemoteTest, AReadThatEndsEarlyLeavesTheSessionUsable) {
  put("a", std::string(2'000'000, 'x'));
  const auto enough = [](auto) -> Result<void> {
    return Error::permanent("file.too_large", "enough");
  };
  EXPECT_EQ(folder_->read("a", enough, call()).error().code, "file.too_large");
  EXPECT_EQ(folder_->state("a", call()).value()->size, 2'000'000U);
}

TEST_P(RemoteTest, ARestartOfTheServerCostsOneFailure) {
  ASSERT_TRUE(folder_->state("a", call()));
  server_.stop();
  EXPECT_EQ(folder_->state("a", call()).error().code, "file.connection");
  EXPECT_EQ(folder_->state("a", call()).error().code, "file.connection");
  server_.start_again();
  EXPECT_TRUE(folder_->state("a", call()));
}

TEST_P(RemoteTest, AServerThatSaysNothingIsLeftInTime) {
  ServerSettings hasty = server_.settings();
  hasty.wait = std::chrono::seconds(2);
  const auto folder = open(hasty);
  while (!folder->state("a", call())) {
  }
  server_.freeze(true);
  const auto begin = std::chrono::steady_clock::now();
  const Error error = folder->state("a", call()).error();
  const auto took = std::chrono::steady_clock::now() - begin;
  server_.freeze(false);
  EXPECT_EQ(error.severity, Severity::kRetryable) << error.code;
  EXPECT_LT(took, std::chrono::seconds(10)) << "2 s for an answer, and a farewell";
  EXPECT_TRUE(folder_->state("a", call()));
}

TEST_P(RemoteTest, WhoeverIsNotLetInIsAFault) {
  ServerSettings wrong = server_.settings();
  wrong.password = "wrong";
  if (GetParam() == ServerKind::kSftp) wrong.private_key = server_.folder().path() + "/other_key";
  Error error = open(wrong)->state("a", call()).error();
  EXPECT_EQ(error.code, "file.login");
  EXPECT_EQ(error.severity, Severity::kFault);
  EXPECT_EQ(error.message.find("wrong"), std::string::npos) << "no secret in errors";
  if (GetParam() != ServerKind::kSftp) return;
  wrong.private_key.clear();
  EXPECT_EQ(open(wrong)->state("a", call()).error().code, "file.login");
  wrong = server_.settings();
  wrong.passphrase = "wrong";
  EXPECT_EQ(open(wrong)->state("a", call()).error().code, "file.option") << "no server was asked";
  wrong = server_.settings();
  wrong.host_key.back() = wrong.host_key.back() == 'A' ? 'B' : 'A';
  error = open(wrong)->state("a", call()).error();
  EXPECT_EQ(error.code, "file.host_key");
  EXPECT_EQ(error.severity, Severity::kFault);
}

TEST_P(RemoteTest, ACallThatIsToStopDoesNothing) {
  std::stop_source stop;
  stop.request_stop();
  Call stopped = call();
  stopped.stop = stop.get_token();
  EXPECT_EQ(folder_->remove("a", stopped).error().code, "file.cancelled");
  EXPECT_EQ(folder_->write("a", *content_of("x"), stopped).error().code, "file.cancelled");
  EXPECT_THAT(files_in(""), IsEmpty());
}

TEST_P(RemoteTest, TheSinkPutsAndConfirms) {
  Outgoing sink({}, *folder_, context_.clock(), {});
  const Message message = named("Biz1.xml", std::string(100'000, 'x'));
  ASSERT_TRUE(sink.check(call()));
  EXPECT_EQ(sink.confirm(message, call()).value().state, Confirmation::State::kAbsent);
  ASSERT_TRUE(sink.send(message, call()));
  EXPECT_TRUE(sink.send(message, call()));
  EXPECT_EQ(sink.confirm(message, call()).value().state, Confirmation::State::kPresent);
  EXPECT_EQ(sink.send(named("Biz1.xml", "other"), call()).error().code, "file.different");
  EXPECT_THAT(files_in(""), ElementsAre("Biz1.xml"));
}

// The process is killed right behind each step; the next one finishes the work once, over a session
// of its own.
TEST_P(RemoteTest, AKillAtEveryStepTakesEachFileOnce) {
  LedgerReceiver ledger(server_.folder().path() + "/" + server_.below(".ledger"));
  std::size_t dropped = 0;
  for (const char* step : {"claimed", "read", "accepted", "finished"}) {
    for (int file = 0; file < 2; ++file) {
      ++dropped;
      put("f" + std::to_string(100 + dropped), "bytes " + std::to_string(dropped));
    }
    const pid_t child = fork();
    if (child == 0) {
      const auto own = open(server_.settings());
      Incoming dying(incoming(), *own, context_, [&](const char* reached) {
        if (std::string_view(reached) == step) std::raise(SIGKILL);
      });
      static_cast<void>(dying.look_once(ledger));
      _exit(1);
    }
    int how = 0;
    ASSERT_EQ(waitpid(child, &how, 0), child);
    ASSERT_TRUE(WIFSIGNALED(how)) << "the step " << step << " was not reached";
    Incoming next(incoming(), *folder_, context_, {});
    for (int round = 0; round < 3; ++round) ASSERT_TRUE(next.look_once(ledger)) << step;
    EXPECT_THAT(ledger.taken(), SizeIs(dropped)) << step;
    EXPECT_THAT(files_in("archive"), SizeIs(dropped)) << step;
    EXPECT_THAT(files_in("claimed"), IsEmpty()) << step;
  }
}

TEST_P(RemoteTest, AParcelIsTakenWholeAndTheArchiveCleared) {
  put("case.xml", "<a/>");
  put("plan.pdf", "plan");
  put("C7.sha256", sha256_line("case.xml", "<a/>") + sha256_line("plan.pdf", "plan"));
  server_.folder().make(server_.below("archive/2026-01-01"));
  put("archive/2026-01-01/old.xml", "old");
  IncomingSettings settings = incoming();
  settings.complete = Completeness::kManifest;
  settings.places.manifest_suffix = ".sha256";
  settings.taken.most_files = 2;
  settings.archive_days = 30;
  LedgerReceiver ledger(server_.folder().path() + "/" + server_.below(".ledger"));
  Incoming source(settings, *folder_, context_, {});
  ASSERT_EQ(source.look_once(ledger).value(), 1U);
  ASSERT_EQ(source.look_once(ledger).value(), 0U);
  EXPECT_THAT(ledger.taken(), SizeIs(1));
  EXPECT_THAT(files_in("archive"), ElementsAre("C7.sha256", "case.xml", "plan.pdf"));
  EXPECT_FALSE(has("archive/2026-01-01")) << context_.logger().all_text();
  EXPECT_FALSE(has("claimed/C7.sha256.files"));
  server_.folder().make(server_.below("full"));
  put("full/a", "x");
  EXPECT_FALSE(folder_->remove_folder("full", call()));
  EXPECT_TRUE(has("full/a"));
  EXPECT_TRUE(folder_->remove_folder("nowhere", call()));
}

INSTANTIATE_TEST_SUITE_P(RealServers, RemoteTest,
                         ::testing::Values(ServerKind::kSftp, ServerKind::kFtp),
                         [](const auto& kind) {
                           return kind.param == ServerKind::kSftp ? "Sftp" : "Ftp";
                         });

class PassiveOnlyTest : public RemoteTest {};

TEST_P(PassiveOnlyTest, TheServersOwnAddressIsUsedWhateverItNames) {
  const std::string bytes(100'000, 'x');
  ASSERT_TRUE(folder_->write("a", *content_of(bytes), call()));
  EXPECT_THAT(list(""), ElementsAre("a"));
  EXPECT_TRUE(read("a").value() == bytes);
  EXPECT_EQ(server_.logins(), 1);
}

INSTANTIATE_TEST_SUITE_P(RealServers, PassiveOnlyTest, ::testing::Values(ServerKind::kOldFtp));

class PasswordTest : public RemoteTest {
 protected:
  static ServerSettings wrong() {
    ServerSettings settings = FileServer::of(GetParam()).settings();
    settings.password = kWrongPassword;
    return settings;
  }
  // The server writes what it refused after it has said so.
  int refusals_since(int before) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (server_.refusals() == before && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    return server_.refusals() - before;
  }
  static constexpr const char* kWrongPassword = "canary-7Qx-password";
};

TEST_P(PasswordTest, ThePasswordIsEnough) {
  const std::string bytes(100'000, 'x');
  ASSERT_TRUE(folder_->write("a.tmp", *content_of(bytes), call()));
  ASSERT_TRUE(folder_->rename("a.tmp", "a", call()));
  EXPECT_TRUE(read("a").value() == bytes);
  EXPECT_EQ(server_.logins(), 1);
}

TEST_P(PasswordTest, AWrongOneIsSaidAndNotTriedAgainAndAgain) {
  const int before = server_.refusals();
  const auto refused = open(wrong());
  for (int times = 0; times < 5; ++times) {
    const Error error = refused->state("a", call()).error();
    EXPECT_EQ(error.code, "file.login");
    EXPECT_EQ(error.severity, Severity::kFault);
    EXPECT_THAT(error.message, ::testing::HasSubstr("refuses the user"));
    EXPECT_THAT(error.message, ::testing::HasSubstr("the next login is tried in"));
    EXPECT_THAT(error.message, ::testing::Not(::testing::HasSubstr(kWrongPassword)));
  }
  EXPECT_EQ(refusals_since(before), 1) << "one login, whoever asks how often";
}

TEST_P(PasswordTest, ASourceThatIsNotLetInRestsAndKeepsTheSecret) {
  const int before = server_.refusals();
  const auto refused = open(wrong());
  LedgerReceiver ledger(server_.folder().path() + "/" + server_.below(".ledger"));
  Incoming source(incoming(), *refused, context_, {});
  EXPECT_GT(source.pause_after(source.look_once(ledger)), std::chrono::seconds(30));
  ASSERT_TRUE(source.listen(ledger));
  const auto log = [this] { return context_.logger().all_text(); };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (log().empty() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  source.stop();
  EXPECT_EQ(refusals_since(before), 1);
  EXPECT_THAT(log(), ::testing::HasSubstr("file.login"));
  EXPECT_THAT(log(), ::testing::Not(::testing::HasSubstr(kWrongPassword)));
}

// The server wants a key and a password.
class BothTest : public PasswordTest {
 protected:
  Error refusal_of(const ServerSettings& settings) {
    const auto refused = open(settings);
    const Error error = refused->state("a", call()).error();
    EXPECT_EQ(error.code, "file.login");
    EXPECT_EQ(error.severity, Severity::kFault);
    EXPECT_THAT(error.message, ::testing::Not(::testing::HasSubstr(kWrongPassword)));
    EXPECT_THAT(error.message, ::testing::Not(::testing::HasSubstr("secret")));
    EXPECT_EQ(refused->state("a", call()).error().message.substr(0, 40),
              error.message.substr(0, 40))
        << "it rests";
    return error;
  }
  static bool key_comes_first() { return GetParam() != ServerKind::kSftpPasswordThenKey; }
};

TEST_P(BothTest, BothTogetherAreEnough) {
  const std::string bytes(100'000, 'x');
  ASSERT_TRUE(folder_->write("a.tmp", *content_of(bytes), call()));
  ASSERT_TRUE(folder_->rename("a.tmp", "a", call()));
  EXPECT_TRUE(read("a").value() == bytes);
  EXPECT_EQ(server_.logins(), 1);
}

TEST_P(BothTest, EachThatIsWrongIsSaidAndShownOnce) {
  const int before = server_.refusals();
  const std::string first = refusal_of(wrong()).message;
  EXPECT_THAT(first,
              ::testing::HasSubstr(key_comes_first() ? "takes the key and refuses the password"
                                                     : "refuses the user or the password"));
  EXPECT_EQ(refusals_since(before), 1);
  ServerSettings other = server_.settings();
  other.private_key = server_.folder().path() + "/other_key";
  other.passphrase.clear();
  const std::string second = refusal_of(other).message;
  EXPECT_THAT(second,
              ::testing::HasSubstr(key_comes_first() ? "refuses the user or the key"
                                                     : "takes the password and refuses the key"));
  EXPECT_EQ(refusals_since(before + 1), 1);
  EXPECT_EQ(server_.logins(), 0);
}

TEST_P(BothTest, OneAloneIsNotEnoughAndTheOtherIsAskedFor) {
  ServerSettings alone = server_.settings();
  alone.password.clear();
  EXPECT_THAT(refusal_of(alone).message, ::testing::HasSubstr("give the option password"));
  alone = server_.settings();
  alone.private_key.clear();
  EXPECT_THAT(refusal_of(alone).message, ::testing::HasSubstr("give the option private-key"));
  EXPECT_EQ(server_.logins(), 0);
}

INSTANTIATE_TEST_SUITE_P(RealServers, BothTest,
                         ::testing::Values(ServerKind::kSftpKeyThenPassword,
                                           ServerKind::kSftpKeyThenQuestions,
                                           ServerKind::kSftpPasswordThenKey),
                         [](const auto& kind) {
                           if (kind.param == ServerKind::kSftpPasswordThenKey)
                             return "PasswordThenKey";
                           return kind.param == ServerKind::kSftpKeyThenPassword
                                      ? "KeyThenPassword"
                                      : "KeyThenQuestions";
                         });

INSTANTIATE_TEST_SUITE_P(RealServers, PasswordTest,
                         ::testing::Values(ServerKind::kSftpPassword, ServerKind::kSftpQuestions),
                         [](const auto& kind) {
                           return kind.param == ServerKind::kSftpPassword ? "Said" : "Asked";
                         });

}  // namespace
}  // namespace certbridge::file::testing

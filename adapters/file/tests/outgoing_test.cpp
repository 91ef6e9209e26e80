// Putting files into a folder: whole or not at all, never over another, also across crashes.
#include "outgoing.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "certbridge/testing/fakes.h"
#include "certbridge/testing/memory_content.h"
#include "drop_folder.h"
#include "local_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::call_of;
using certbridge::testing::FakeClock;
using certbridge::testing::message_of;
using ::testing::ElementsAre;
using State = Confirmation::State;

Message named(const std::string& name, const std::string& body) {
  Message message = message_of("report", "application/xml", body);
  message.headers["file-name"] = name;
  return message;
}

class OutgoingTest : public ::testing::Test {
 protected:
  Outgoing sink(OutgoingSettings settings, Outgoing::Observer observer) {
    return Outgoing(std::move(settings), *folder_, clock_, std::move(observer));
  }
  Result<Receipt> send(const Message& message) { return sink({}, {}).send(message, call()); }
  Confirmation confirm(const Message& message) {
    auto confirmed = sink({}, {}).confirm(message, call());
    EXPECT_TRUE(confirmed) << confirmed.error().message;
    return confirmed.value();
  }
  static Call call() { return call_of("test", std::chrono::seconds(20)); }

  DropFolder drop_{};
  FakeClock clock_{};
  std::unique_ptr<Folder> folder_ = open_local_folder(drop_.path());
};

TEST_F(OutgoingTest, AFileAppearsUnderItsNameWithItsBytes) {
  drop_.make("411300/BizMsg");
  const std::string bytes("a\r\n\0b", 5);
  auto receipt = send(named("411300/BizMsg/Biz1.xml", bytes));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kSettled);
  EXPECT_EQ(receipt.value().remote_id, "411300/BizMsg/Biz1.xml");
  EXPECT_EQ(drop_.bytes_of("411300/BizMsg/Biz1.xml"), bytes) << "bytes leave as they are";
  EXPECT_THAT(drop_.files_in(""), ElementsAre("Biz1.xml"));
}

TEST_F(OutgoingTest, APipeUnderTheNameOfThePartTakesNothingAndHoldsNobodyUp) {
  const std::string pipe = drop_.path() + "/a.xml.tmp";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  ASSERT_EQ(send(named("a.xml", "x")).error().code, "file.exists");
  char byte = 0;
  EXPECT_EQ(::read(reader, &byte, 1), 0) << "nothing was written into it";
  ::close(reader);
  EXPECT_EQ(send(named("a.xml", "x")).error().code, "file.failed") << "and nobody reads it";
}

TEST_F(OutgoingTest, ItIsNeverSeenHalfWritten) {
  auto sent = sink({}, [&](const char* step) {
                if (std::string_view(step) == "written") {
                  EXPECT_FALSE(drop_.has("a.xml"));
                  EXPECT_EQ(drop_.bytes_of("a.xml.tmp"), "all of it");
                }
                if (std::string_view(step) == "renamed") {
                  EXPECT_EQ(drop_.bytes_of("a.xml"), "all of it");
                }
              }).send(named("a.xml", "all of it"), call());
  EXPECT_TRUE(sent);
}

TEST_F(OutgoingTest, AnotherContentIsNeverOverwritten) {
  drop_.put("a.xml", "theirs");
  EXPECT_EQ(send(named("a.xml", "ours")).error().code, "file.different");
  const Confirmation held = confirm(named("a.xml", "ours"));
  EXPECT_EQ(held.state, State::kDifferent);
  EXPECT_EQ(held.held, to_hex(certbridge::testing::sm3_of("theirs")));
  EXPECT_EQ(drop_.bytes_of("a.xml"), "theirs");
  EXPECT_EQ(confirm(named("a.xml", "their")).state, State::kDifferent)
      << "a beginning is not the same";
  EXPECT_EQ(confirm(named("a.xml", "theirs and more")).state, State::kDifferent);
}

TEST_F(OutgoingTest, NotEvenWhereItComesBetweenLookAndRename) {
  auto sent = sink({}, [&](const char* step) {
                if (std::string_view(step) == "written") drop_.put("a.xml", "theirs");
              }).send(named("a.xml", "ours"), call());
  EXPECT_EQ(sent.error().code, "file.different");
  EXPECT_EQ(drop_.bytes_of("a.xml"), "theirs");
  EXPECT_THAT(drop_.files_in(""), ElementsAre("a.xml")) << "our half is cleared away";
}

// The process is killed right behind each step; confirm tells the truth and a second send ends it.
TEST_F(OutgoingTest, AKillAtEveryStepIsMendedByConfirmAndSend) {
  int number = 0;
  for (const char* step : {"compared", "written", "renamed", "synced"}) {
    const std::string name = "Biz" + std::to_string(++number) + ".xml";
    const Message message = named(name, "body of " + name);
    const pid_t child = fork();
    if (child == 0) {
      const auto kill = [&](const char* reached) {
        if (std::string_view(reached) == step) std::raise(SIGKILL);
      };
      _exit(sink({}, kill).send(message, call()) ? 0 : 1);
    }
    int how = 0;
    ASSERT_EQ(waitpid(child, &how, 0), child);
    ASSERT_TRUE(WIFSIGNALED(how)) << "the step " << step << " was not reached";
    const bool is_there = drop_.has(name);
    EXPECT_EQ(is_there, number > 2) << step;
    EXPECT_EQ(confirm(message).state, is_there ? State::kPresent : State::kAbsent) << step;
    EXPECT_TRUE(send(message)) << step;
    EXPECT_EQ(confirm(message).state, State::kPresent) << step;
    EXPECT_EQ(drop_.bytes_of(name), "body of " + name);
  }
  EXPECT_THAT(drop_.files_in(""), ElementsAre("Biz1.xml", "Biz2.xml", "Biz3.xml", "Biz4.xml"));
}

TEST_F(OutgoingTest, WhatTheCounterpartTookAwayIsNotCalledAbsent) {
  OutgoingSettings settings;
  settings.taken_away = true;
  settings.taken_folder = "done";
  drop_.make("done");
  const Message message = named("a.xml", "x");
  ASSERT_TRUE(sink(settings, {}).send(message, call()));
  ASSERT_EQ(std::rename((drop_.path() + "/a.xml").c_str(), (drop_.path() + "/done/a.xml").c_str()),
            0);
  EXPECT_EQ(sink(settings, {}).confirm(message, call()).value().state, State::kPresent);
  ASSERT_EQ(std::remove((drop_.path() + "/done/a.xml").c_str()), 0);
  EXPECT_EQ(sink(settings, {}).confirm(message, call()).value().state, State::kCannotTell);
  EXPECT_EQ(confirm(message).state, State::kAbsent);
}

TEST_F(OutgoingTest, NamesThatLeadElsewhereAreRefused) {
  for (const std::string& name :
       {std::string("../a.xml"), std::string("/etc/a.xml"), std::string("a//b.xml"),
        std::string(""), std::string(".hidden"), std::string("a\n.xml"),
        std::string("\xE6\x88\xBF.xml"), std::string("a/b/c/d/e/f/g/h/i.xml"),
        std::string(201, 'a'), std::string("a\\b"), std::string("-rf"), std::string("a.xml.tmp")}) {
    EXPECT_EQ(send(named(name, "x")).error().code, "file.name") << name;
    EXPECT_EQ(sink({}, {}).confirm(named(name, "x"), call()).error().code, "file.name") << name;
  }
  EXPECT_EQ(send(message_of("report", "", "x")).error().code, "file.request");
  Message bare = named("a.xml", "");
  bare.body = nullptr;
  EXPECT_EQ(send(bare).error().code, "file.request");
  EXPECT_TRUE(drop_.files_in("").empty());
}

TEST_F(OutgoingTest, AMissingFolderIsTheSetUpsFault) {
  const Error error = send(named("411300/BizMsg/Biz1.xml", "x")).error();
  EXPECT_EQ(error.code, "file.no_folder");
  EXPECT_EQ(error.severity, Severity::kFault);
  EXPECT_EQ(confirm(named("411300/BizMsg/Biz1.xml", "x")).state, State::kAbsent);
}

TEST_F(OutgoingTest, ALargeBodyIsWrittenInPieces) {
  std::string body(3'000'001, 'x');
  body[2'999'999] = 'y';
  ASSERT_TRUE(send(named("a.ofd", body)));
  EXPECT_EQ(drop_.bytes_of("a.ofd"), body);
  EXPECT_EQ(confirm(named("a.ofd", body)).state, State::kPresent);
}

}  // namespace
}  // namespace certbridge::file::testing

// What one look at a folder costs, however many files lie in it: names listed, files looked at,
// bytes read, memory held.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/fakes.h"
#include "drop_folder.h"
#include "held_memory.h"
#include "incoming.h"
#include "local_folder.h"
#include "troubled_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::FakeContext;

const std::string kLargeManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";
constexpr std::size_t kNamesAtOnce = 150;
constexpr std::size_t kFilesAtOnce = 32;
constexpr std::size_t kFileSize = 100;
constexpr std::size_t kFoldersBeside = 3;  // claimed, archive, error
// A name and what is known of its file; a message with its body; one piece that is read.
constexpr std::size_t kForAName = 256;
constexpr std::size_t kForAMessage = 1024;
constexpr std::size_t kForAPiece = 64UL * 1024;
constexpr std::size_t kMostHeld =
    kNamesAtOnce * kForAName + kFilesAtOnce * kForAMessage + kForAPiece;
constexpr std::size_t kTwiceIsNoMore = 16UL * 1024;

// The short form has 500 files; CERTBRIDGE_LONG=1 has 50,000, and twice as many.
std::size_t many() { return std::getenv("CERTBRIDGE_LONG") == nullptr ? 500 : 50'000; }

// Takes any number of messages and keeps none.
class ForgetfulReceiver final : public Receiver {
 public:
  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    taken_ += messages.size();
    Acceptance accepted;
    accepted.verdict = Acceptance::Verdict::kAccepted;
    return std::vector(messages.size(), accepted);
  }
  Result<void> settle(const Correlation&, const Outcome&) override { return {}; }
  std::size_t taken() const { return taken_; }

 private:
  std::size_t taken_ = 0;
};

struct Cost {
  std::size_t listings = 0;
  std::size_t names = 0;
  std::size_t states = 0;
  std::size_t bytes = 0;
  std::size_t held = 0;
};

Cost dearest(const Cost& one, const Cost& other) {
  return {std::max(one.listings, other.listings), std::max(one.names, other.names),
          std::max(one.states, other.states), std::max(one.bytes, other.bytes),
          std::max(one.held, other.held)};
}

std::string name_of_file(std::size_t number) {
  return "a-file-with-a-name-of-its-own-" + std::to_string(1'000'000 + number);
}

class LargeFolderTest : public ::testing::Test {
 protected:
  LargeFolderTest() {
    settings_.taken.type = "report";
    settings_.taken.largest = 1000;
    settings_.window = kNamesAtOnce;
    settings_.batch = kFilesAtOnce;
  }
  // Of 25 looks, each ten seconds after the one before; `meanwhile` happens between them.
  Cost dearest_look(std::size_t files,
                    const std::function<void(const DropFolder& drop)>& meanwhile) {
    const DropFolder drop;
    for (std::size_t number = 0; number < files; ++number)
      drop.put(name_of_file(number), std::string(kFileSize, 'x'));
    FakeContext context(kLargeManifest, "incoming", {{"folder", drop.path()}, {"type", "report"}});
    const auto folder = open_local_folder(drop.path());
    ForgetfulReceiver receiver;
    TroubledFolder counted(*folder);
    Cost most;
    const std::size_t before = held_memory();
    Incoming source(settings_, counted, context, {});
    for (int look = 0; look < 25; ++look) {
      counted.count_anew();
      static_cast<void>(most_held_memory());
      auto taken = source.look_once(receiver);
      EXPECT_TRUE(taken) << taken.error().message;
      most = dearest(most, {static_cast<std::size_t>(counted.times("list")), counted.names_listed(),
                            static_cast<std::size_t>(counted.times("state")), counted.bytes_read(),
                            most_held_memory() - before});
      context.mutable_clock().advance(std::chrono::seconds(10));
      meanwhile(drop);
    }
    taken_ = receiver.taken();
    return most;
  }
  void expect_bounded() {
    const auto nothing = [](const DropFolder&) {};
    const std::size_t files = many();
    const Cost one = dearest_look(files, nothing);
    EXPECT_GT(taken_, 2 * kNamesAtOnce) << "three windows were looked at";
    EXPECT_LE(one.listings, 2U) << "at the first look that of the claimed folder as well";
    EXPECT_LE(one.names, files + kFoldersBeside) << "each name once";
    EXPECT_LE(one.states, 2 * kNamesAtOnce + 4 * kFilesAtOnce);
    EXPECT_EQ(one.bytes, kFilesAtOnce * kFileSize) << "each file that is handed over once";
    EXPECT_LE(one.held, kMostHeld);
    const Cost twice = dearest_look(2 * files, nothing);
    EXPECT_LE(twice.names, 2 * files + kFoldersBeside);
    EXPECT_LE(twice.states, one.states);
    EXPECT_EQ(twice.bytes, one.bytes);
    EXPECT_LE(twice.held, one.held + kTwiceIsNoMore) << "memory does not grow with the folder";
  }

  IncomingSettings settings_{};
  std::size_t taken_ = 0;  // files, in the last round of looks
};

TEST_F(LargeFolderTest, ALookCostsOneListingAndABoundedRest) { expect_bounded(); }

TEST_F(LargeFolderTest, SoItDoesWhereFilesHaveToLieStill) {
  settings_.complete = Completeness::kUnchanged;
  expect_bounded();
}

TEST_F(LargeFolderTest, WhatNeverLiesStillIsForgotten) {
  settings_.complete = Completeness::kUnchanged;
  std::size_t files = many();
  const auto change = [&](const DropFolder& drop) {
    for (std::size_t number = 0; number < files; ++number) drop.append(name_of_file(number), "x");
  };
  const Cost one = dearest_look(files, change);
  files *= 2;
  const Cost twice = dearest_look(files, change);
  EXPECT_EQ(taken_, 0U);
  EXPECT_LE(one.held, kMostHeld);
  EXPECT_LE(twice.held, one.held + kTwiceIsNoMore) << "memory does not grow with the folder";
}

}  // namespace
}  // namespace certbridge::file::testing

// Pages, time limits, and counterparts that do not come back.
#include "reconcile/asking.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>

#include "observe/clock.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;

class ScriptedBooks final : public Responder {
 public:
  std::function<Result<BooksPage>(const BooksQuestion&, const Call&)> page{};
  Result<Message> answer(const Message& question, const Call& call) override {
    auto asked = read_books_question(question);
    if (!asked) return asked.error();
    auto given = page(asked.value(), call);
    if (!given) return given.error();
    Message message;
    message.body = content_of(write_books(given.value()));
    return message;
  }
};

class Endpoints final : public EndpointSet {
 public:
  std::map<std::string, ScriptedBooks> books{};
  Source* source(const std::string&) override { return nullptr; }
  Sink* sink(const std::string&) override { return nullptr; }
  Responder* responder(const std::string& name) override {
    return books.contains(name) ? &books[name] : nullptr;
  }
  Processor* processor(const std::string&) override { return nullptr; }
  std::vector<EndpointStatus> status() const override { return {}; }
  void start() override {}
  void stop_sources() override {}
  void stop() override {}
  void probe() override {}
  std::set<std::thread::id> watch() override { return {}; }
};

BooksQuestion question() { return {std::chrono::year(2026) / 11 / 27, "411324", "", 2}; }

// Pages of two certificates each; the last one is not full.
Result<BooksPage> numbered(const BooksQuestion& asked, int count) {
  BooksPage page;
  page.kind = BooksKind::kList;
  int next = asked.after.empty() ? 0 : std::stoi(asked.after);
  for (; next < count && page.certificates.size() < asked.limit; ++next) {
    BookedCertificate one;
    one.number = std::to_string(next);
    page.certificates.push_back(one);
  }
  if (next < count) page.next = std::to_string(next);
  return page;
}

class AskingTest : public testing::Test {
 protected:
  std::vector<Result<BooksPage>> ask(const std::vector<std::string>& names,
                                     std::chrono::milliseconds timeout = 20s) {
    return asker_.ask(names, question(), timeout);
  }
  SystemClock clock_{};
  Endpoints endpoints_{};
  std::stop_source stop_{};
  BooksAsker asker_{endpoints_, clock_, stop_.get_token()};
};

TEST_F(AskingTest, AllPagesAreAskedForInTheOrderOfTheNames) {
  endpoints_.books["a"].page = [](const auto& asked, const auto&) { return numbered(asked, 7); };
  endpoints_.books["b"].page = [](const auto& asked, const auto&) {
    EXPECT_EQ(asked.area, "411324");
    return numbered(asked, 2);
  };
  const auto pages = ask({"b", "a"});
  ASSERT_TRUE(pages[0].ok() && pages[1].ok());
  EXPECT_EQ(pages[0].value().certificates.size(), 2U);
  ASSERT_EQ(pages[1].value().certificates.size(), 7U);
  EXPECT_EQ(pages[1].value().certificates[6].number, "6");
}

TEST_F(AskingTest, AFailureIsThatOfOneCounterpart) {
  endpoints_.books["a"].page = [](const auto&, const auto&) {
    return Result<BooksPage>(Error::retryable("municipal.unreachable", "away"));
  };
  endpoints_.books["b"].page = [](const auto& asked, const auto&) { return numbered(asked, 1); };
  const auto pages = ask({"a", "b", "nobody"});
  EXPECT_EQ(pages[0].error().code, "municipal.unreachable");
  EXPECT_TRUE(pages[1].ok());
  EXPECT_FALSE(pages[2].ok());
}

TEST_F(AskingTest, PagesWithoutEndAndOfTwoKindsAreRefused) {
  endpoints_.books["a"].page = [](const auto&, const auto&) {
    BooksPage page;
    page.next = "again";
    return Result<BooksPage>(page);
  };
  endpoints_.books["b"].page = [](const auto& asked, const auto&) {
    BooksPage page;
    page.kind = asked.after.empty() ? BooksKind::kList : BooksKind::kCounts;
    page.next = asked.after.empty() ? "1" : "";
    return Result<BooksPage>(page);
  };
  const auto pages = ask({"a", "b"});
  EXPECT_EQ(pages[0].error().code, "reconcile.books_damaged");
  EXPECT_EQ(pages[1].error().code, "reconcile.books_damaged");
}

TEST_F(AskingTest, WhatDoesNotComeBackIsLeftAndNotAskedAgain) {
  std::mutex mutex;
  std::condition_variable_any opened;
  bool open = false;
  endpoints_.books["stuck"].page = [&](const auto& asked, const Call&) {
    std::unique_lock lock(mutex);
    opened.wait(lock, [&] { return open; });
    return numbered(asked, 1);
  };
  endpoints_.books["quick"].page = [](const auto& asked, const auto&) {
    return numbered(asked, 1);
  };
  const auto pages = ask({"stuck", "quick"}, 10ms);
  EXPECT_EQ(pages[0].error().code, "reconcile.timeout");
  EXPECT_TRUE(pages[1].ok());
  EXPECT_EQ(ask({"stuck"}, 10ms)[0].error().code, "reconcile.hanging");
  {
    const std::lock_guard lock(mutex);
    open = true;
  }
  opened.notify_all();
  // Once it has come back it is asked again; how soon is the machine's business.
  const auto end = std::chrono::steady_clock::now() + 60s;
  bool asked = false;
  while (!asked && std::chrono::steady_clock::now() < end) {
    asked = ask({"stuck"}, 20s)[0].ok();
    std::this_thread::yield();
  }
  EXPECT_TRUE(asked) << "it was never asked again";
}

TEST_F(AskingTest, AStopEndsTheWaitAndTheCall) {
  endpoints_.books["a"].page = [&](const auto& asked, const Call& call) {
    stop_.request_stop();
    // As a component does that keeps its contract: it ends soon after a stop.
    while (!call.stop.stop_requested()) std::this_thread::yield();
    return numbered(asked, 1);
  };
  const auto began = std::chrono::steady_clock::now();
  ask({"a"}, 600s);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 300s) << "the time limit was waited for";
}

}  // namespace
}  // namespace certbridge::host

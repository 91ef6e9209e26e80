// Calls that do not come back: reported, counted, and in nobody else's way.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "zoo.h"

namespace certbridge::host {
namespace {

using std::chrono::seconds;

// What was logged, by any thread.
class Book {
 public:
  void note(const std::string& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    changed_.notify_all();
  }
  bool has(const std::string& event, long times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(20), [&] {
      return std::count(events_.begin(), events_.end(), event) >= times;
    });
  }
  std::vector<std::string> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::vector<std::string> events_{};
};

class NotingLogger final : public Logger {
 public:
  explicit NotingLogger(Book& book) : book_(book) {}
  void log(LogLevel, std::string_view event, const LogFields&) override {
    book_.note(std::string(event));
  }

 private:
  Book& book_;
};

// Two threads for an endpoint whose calls come back only when they are told to stop.
class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    EndpointConfig eater = endpoint_of("eater", "hangs", "waiter");
    eater.workers = 2;
    eater.timeout = seconds(8);  // found to hang two seconds later
    configuration_.plugin_folder = zoo_folder();
    configuration_.endpoints = {eater, endpoint_of("echo", "well_behaved", "responder")};
    HostServices services;
    services.clock = &clock_;
    services.logger = [this](const std::string&) {
      return std::unique_ptr<Logger>(new NotingLogger(book_));
    };
    set_ = make_endpoints(configuration_, services);
    set_->start();
  }
  ~WatchTest() override { end_calls(); }

  void begin_calls(int count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this] {
        Call call;
        call.stop = stop_.get_token();
        static_cast<void>(set_->processor("eater")->process(message_of("food"), call));
      });
    }
    ASSERT_TRUE(book_.has("hangs.entered", count));
  }
  void end_calls() {
    stop_.request_stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  EndpointStatus eater() { return set_->status().front(); }
  std::string code() {
    const auto made = set_->processor("eater")->process(message_of("food"), Call{});
    return made.ok() ? "" : made.error().code;
  }

  ManualClock clock_{};
  Book book_{};
  Configuration configuration_{};
  std::unique_ptr<EndpointSet> set_{};
  std::stop_source stop_{};
  std::vector<std::thread> threads_{};
};

TEST_F(WatchTest, ACallThatIsLateByLittleDoesNotHang) {
  begin_calls(1);
  clock_.pass(seconds(10));
  EXPECT_TRUE(set_->watch().empty());
  EXPECT_EQ(eater().hanging, 0u);
}

TEST_F(WatchTest, ACallThatHangsIsReportedOnceAndTheEndpointGoesOn) {
  begin_calls(1);
  clock_.pass(seconds(11));
  EXPECT_EQ(set_->watch().count(threads_.front().get_id()), 1u);
  EXPECT_EQ(set_->watch().size(), 1u);
  EXPECT_EQ(eater().hanging, 1u);
  EXPECT_EQ(eater().health, EndpointHealth::kUp);
  const auto events = book_.events();
  EXPECT_EQ(std::count(events.begin(), events.end(), "endpoint.call_hangs"), 1);
  end_calls();
  EXPECT_EQ(eater().hanging, 0u);
  EXPECT_TRUE(book_.has("endpoint.call_returned", 1));
}

TEST_F(WatchTest, OnceEveryThreadHangsTheEndpointIsDownUntilOneReturns) {
  begin_calls(2);
  clock_.pass(seconds(11));
  set_->watch();
  EXPECT_EQ(eater().health, EndpointHealth::kDown);
  EXPECT_EQ(eater().reason,
            "2 calls hang, one in process for 11 s, and no thread is left for it: restart or "
            "isolate");
  EXPECT_EQ(code(), "endpoint.down");
  EXPECT_TRUE(set_->responder("echo")->answer(message_of("a"), Call{}).ok()) << "the others go on";
  clock_.pass(seconds(3600));
  set_->probe();
  EXPECT_EQ(eater().health, EndpointHealth::kDown) << "a probe would hang as well";
  end_calls();
  EXPECT_EQ(eater().health, EndpointHealth::kUp);
  EXPECT_TRUE(book_.has("endpoint.up", 1));
}

}  // namespace
}  // namespace certbridge::host

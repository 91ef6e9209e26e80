// Looking up a name: within the caller's time, however long the system takes.
#include "resolver.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "scripted_server.h"

namespace certbridge::http {
namespace {

using namespace std::chrono_literals;

Wait wait_of(std::chrono::milliseconds most) {
  return {std::chrono::steady_clock::now() + most, {}, "connecting"};
}

TEST(Resolver, ANameThatIsAnAddressIsNotLookedUp) {
  Resolver resolver("127.0.0.1", [](const std::string&) -> Resolver::Addresses {
    return Error::fault("test.asked", "it was looked up");
  });
  EXPECT_EQ(resolver.addresses(wait_of(kPatience)).value(), std::vector<std::string>{"127.0.0.1"});
}

TEST(Resolver, ASilentNameServerCostsTheCallersTimeOnly) {
  std::promise<void> release;
  auto released = release.get_future().share();
  std::atomic<int> lookups{0};
  Resolver resolver("library.example", [&](const std::string&) -> Resolver::Addresses {
    ++lookups;
    released.wait_for(kPatience);
    return std::vector<std::string>{"192.0.2.1", "192.0.2.2"};
  });
  const auto late = resolver.addresses(wait_of(50ms));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "http.timeout");
  EXPECT_NE(late.error().message.find("host name"), std::string::npos) << late.error().message;
  std::stop_source stop;
  stop.request_stop();
  Wait stopped = wait_of(kPatience);
  stopped.stop = stop.get_token();
  EXPECT_EQ(resolver.addresses(stopped).error().code, "http.cancelled");
  release.set_value();
  EXPECT_EQ(resolver.addresses(wait_of(kPatience)).value().size(), 2U);
  EXPECT_LE(lookups, 2);
}

TEST(Resolver, AFailureIsPassedOnAndTheNextCallAsksAgain) {
  int lookups = 0;
  Resolver resolver("library.example", [&](const std::string& host) -> Resolver::Addresses {
    if (++lookups == 1) return Error::retryable("http.resolve", host + " has no address");
    return std::vector<std::string>{"192.0.2.1"};
  });
  EXPECT_EQ(resolver.addresses(wait_of(kPatience)).error().code, "http.resolve");
  EXPECT_TRUE(resolver.addresses(wait_of(kPatience)));
}

}  // namespace
}  // namespace certbridge::http

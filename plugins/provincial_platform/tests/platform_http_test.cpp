// The sinks against the sandbox's platform over HTTP, with the adapter's own client.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "client.h"
#include "daily_log/log_sender.h"
#include "day_samples.h"
#include "plugin_test.h"
#include "sandbox_server.h"
#include "submission/submitter.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

class PlatformOverHttp : public ::testing::Test {
 protected:
  PlatformOverHttp() {
    std::ofstream(public_key_) << key_.public_pem;
    platform_ = std::make_unique<certbridge::testing::SandboxServer>(std::vector<std::string>{
        "province", "serve", "--generation", "v2", "--public-key", public_key_, "--delay", "0.1"});
    http_ = std::make_unique<FakeContext>(
        std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/plugin.xml", "client",
        Options{{"base-url", platform_->url()}});
    client_ = http::make_client(*http_).value();
    EXPECT_TRUE(client_->start());
  }
  ~PlatformOverHttp() override {
    client_->stop();
    std::filesystem::remove(public_key_);
  }
  void prepare(FakeContext& context) {
    context.set_secret("key", key_.base64);
    context.lend("platform", *client_);
  }
  // Sends and waits for the platform's word.
  static void expect_accepted(Sink& sink, const Message& message) {
    const Call call = call_of("m1/province", 10s);
    const auto receipt = sink.send(message, call);
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt.value().state, Receipt::State::kOpen);
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    auto said = sink.confirm(message, call);
    while (said && !said.value().receipt && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(20ms);
      said = sink.confirm(message, call);
    }
    ASSERT_TRUE(said) << said.error().message;
    ASSERT_TRUE(said.value().receipt);
    EXPECT_EQ(said.value().receipt->state, Receipt::State::kSettled);
  }

  const TestKey key_ = make_key(1024);
  const std::filesystem::path public_key_ =
      std::filesystem::temp_directory_path() / ("certbridge-http-" + std::to_string(getpid()));
  std::unique_ptr<certbridge::testing::SandboxServer> platform_{};
  std::unique_ptr<FakeContext> http_{};
  std::unique_ptr<Responder> client_{};
};

TEST_F(PlatformOverHttp, ABookingAndTheLogOfADayAreReceivedAndLaterAccepted) {
  FakeContext bookings = context_of("submitter", {{"profile", plugin_file("profiles/v2.xml")},
                                                  {"signing-key", "secret:key"},
                                                  {"transport", "http"}});
  prepare(bookings);
  const Message booking =
      booked_message(write_records(sample_facts(shipped_profile("v2"), "2000402")));
  expect_accepted(*make_submitter(bookings).value(), booking);
  FakeContext logs = context_of("daily-log", {{"form", plugin_file("profiles/daily-log.xml")},
                                              {"signing-key", "secret:key"},
                                              {"bookings", "province"},
                                              {"transport", "http"}});
  prepare(logs);
  expect_accepted(
      *make_log_sender(logs).value(),
      booked_day_message({registered_row(2, "200", "4"), registered_row(1, "100", "4")}));
}

}  // namespace
}  // namespace certbridge::provincial_platform

// The sink against the sandbox's platform over HTTP, with the adapter's own client.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "booking_samples.h"
#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "client.h"
#include "sandbox_server.h"
#include "submitter.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using certbridge::testing::call_of;
using certbridge::testing::FakeContext;

const std::string kRoot = std::string(CERTBRIDGE_SOURCE_DIR);

TEST(PlatformOverHttp, ABookingIsReceivedAndLaterAccepted) {
  const TestKey key = make_key(1024);
  const std::filesystem::path public_key =
      std::filesystem::temp_directory_path() / ("certbridge-http-" + std::to_string(getpid()));
  std::ofstream(public_key) << key.public_pem;
  const certbridge::testing::SandboxServer platform(
      {"province", "serve", "--generation", "v2", "--public-key", public_key, "--delay", "0.1"});
  FakeContext http(kRoot + "/adapters/http/plugin.xml", "client", {{"base-url", platform.url()}});
  const auto client = http::make_client(http).value();
  ASSERT_TRUE(client->start());
  FakeContext context(kRoot + "/plugins/provincial_platform/plugin.xml", "submitter",
                      {{"profile", kRoot + "/plugins/provincial_platform/profiles/v2.xml"},
                       {"signing-key", "secret:key"},
                       {"transport", "http"}});
  context.set_secret("key", key.base64);
  context.lend("platform", *client);
  const auto sink = make_submitter(context).value();
  Message message;
  message.type = "registration.booked";
  message.body = content_of(write_records(sample_facts(shipped_profile("v2"), "2000402")));
  const Call call = call_of("m1/province", 10s);
  const auto receipt = sink->send(message, call);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kOpen);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  auto said = sink->confirm(message, call);
  while (said && !said.value().receipt && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(20ms);
    said = sink->confirm(message, call);
  }
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_EQ(said.value().receipt->state, Receipt::State::kSettled);
  client->stop();
  std::filesystem::remove(public_key);
}

}  // namespace
}  // namespace certbridge::provincial_platform

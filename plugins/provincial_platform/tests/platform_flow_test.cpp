// The sink against the sandbox's platform over a folder: what is sent is what it takes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "disk_folder.h"
#include "plugin_test.h"
#include "sandbox_server.h"
#include "submission/submitter.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;
namespace fs = std::filesystem;

class PlatformFlow : public ::testing::TestWithParam<const char*> {
 protected:
  PlatformFlow() {
    fs::create_directories(root_ / "drop");
    std::ofstream(root_ / "public.pem") << key_.public_pem;
    platform_ = std::make_unique<certbridge::testing::SandboxServer>(std::vector<std::string>{
        "province", "serve", "--generation", GetParam(), "--folder", root_ / "drop", "--public-key",
        root_ / "public.pem", "--delay", "0.1"});
  }
  ~PlatformFlow() override {
    platform_.reset();
    fs::remove_all(root_);
  }

  std::unique_ptr<Sink> sink_with(FakeContext& context, const TestKey& key) {
    context.set_secret("key", key.pem);
    context.lend("messages", static_cast<Sink&>(folder_));
    context.lend("responses", static_cast<Responder&>(folder_));
    return make_submitter(context).value();
  }
  FakeContext new_context() const {
    const std::string profile = std::string("profiles/") + GetParam() + ".xml";
    return context_of("submitter",
                      {{"profile", plugin_file(profile)}, {"signing-key", "secret:key"}});
  }
  Message booked(const std::string& rec_type) const {
    return booked_message(sample_rows(profile_, rec_type, "C" + rec_type));
  }
  // The platform's word on a message, waited for.
  static Result<Confirmation> verdict(Sink& sink, const Message& message, const Call& call) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < deadline) {
      auto answer = sink.confirm(message, call);
      const bool settled = answer && answer.value().receipt &&
                           answer.value().receipt->state == Receipt::State::kSettled;
      if (settled || (!answer && answer.error().severity == Severity::kPermanent)) return answer;
      std::this_thread::sleep_for(20ms);
    }
    return Error::fault("test.late", "no verdict came");
  }

  const fs::path root_ =
      fs::temp_directory_path() / ("certbridge-platform-" + std::to_string(getpid()));
  const TestKey key_ = make_key(1024);
  const Profile profile_ = shipped_profile(GetParam());
  DiskFolder folder_{root_ / "drop"};
  std::unique_ptr<certbridge::testing::SandboxServer> platform_{};
};

TEST_P(PlatformFlow, EveryRecTypeIsAccepted) {
  FakeContext context = new_context();
  const auto sink = sink_with(context, key_);
  for (const auto& [rec_type, rule] : profile_.messages) {
    const auto receipt = sink->send(booked(rec_type), call_of(rec_type + "/province", 5s));
    ASSERT_TRUE(receipt) << rec_type << ": " << receipt.error().message;
  }
  for (const auto& [rec_type, rule] : profile_.messages) {
    const auto said = verdict(*sink, booked(rec_type), call_of(rec_type + "/province", 5s));
    EXPECT_TRUE(said) << rec_type << ": " << said.error().message;
  }
}

// The platform's tables are its own, so what a profile has in another place is seen.
TEST_P(PlatformFlow, AnotherOrderOfTablesIsRejected) {
  const std::string generation = GetParam();
  std::ofstream(root_ / "patch.xml")
      << "<patch xmlns=\"urn:certbridge:provincial-patch:1\" name=\"x\" profile=\"" << generation
      << "\"><move-table name=\"DJF_DJ_SJ\" before=\"QLF_QL_ZXDJ\"/></patch>";
  FakeContext context =
      context_of("submitter", {{"profile", plugin_file("profiles/" + generation + ".xml")},
                               {"patch", root_ / "patch.xml"},
                               {"signing-key", "secret:key"}});
  const auto sink = sink_with(context, key_);
  const Call call = call_of("m1/province", 5s);
  ASSERT_TRUE(sink->send(booked("4000101"), call));
  const auto said = verdict(*sink, booked("4000101"), call);
  ASSERT_FALSE(said);
  EXPECT_NE(said.error().message.find("顺序"), std::string::npos) << said.error().message;
}

TEST_P(PlatformFlow, AMessageOfAnotherKeyIsRejected) {
  FakeContext context = new_context();
  const auto sink = sink_with(context, make_key(1024));
  const Call call = call_of("m1/province", 5s);
  ASSERT_TRUE(sink->send(booked("4000101"), call));
  const auto said = verdict(*sink, booked("4000101"), call);
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, kCodeRejected);
  EXPECT_NE(said.error().message.find("2040"), std::string::npos) << said.error().message;
}

INSTANTIATE_TEST_SUITE_P(Generations, PlatformFlow, ::testing::Values("v1", "v2"));

}  // namespace
}  // namespace certbridge::provincial_platform

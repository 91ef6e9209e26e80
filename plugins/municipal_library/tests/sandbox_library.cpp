#include "sandbox_library.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "certbridge/testing/memory_content.h"
#include "client.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;

const std::string kClient = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/plugin.xml";

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The folder of the keys with which we sign.
std::filesystem::path keys() {
  const std::filesystem::path folder = ::testing::TempDir() + "/caller-" + std::to_string(getpid());
  if (!std::filesystem::exists(folder / "caller.pub")) {
    EXPECT_TRUE(testing::run_sandbox({"keys", "--out", folder.string()}));
  }
  return folder;
}

std::vector<std::string> command_of(const std::string& dialect,
                                    const std::vector<std::string>& arguments) {
  signal(SIGPIPE, SIG_IGN);  // as the host does
  std::vector<std::string> command{"library", "--dialect", dialect};
  if (dialect == "linewell") command.insert(command.end(), {"--public-key", keys() / "caller.pub"});
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

testing::Options options_of(const std::string& dialect) {
  testing::Options options{
      {"dialect", std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/dialects/" +
                      dialect + ".xml"},
      {"client-id", "certbridge"}};
  if (dialect == "epoint") {
    options["client-secret"] = "sandbox-client-secret";
  } else {
    options["client-secret"] = "sandbox-access-token";
    options["signing-key"] = text_of(keys() / "caller.key");
    options["cipher-key"] = "00112233445566778899aabbccddeeff";
  }
  return options;
}

}  // namespace

SandboxLibrary::SandboxLibrary(const std::string& dialect,
                               const std::vector<std::string>& arguments)
    : server_(command_of(dialect, arguments)),
      http_(kClient, "client", {{"base-url", server_.url()}, {"max-response", "60MB"}}),
      options_(options_of(dialect)),
      client_(http::make_client(http_).value()) {
  EXPECT_TRUE(client_->start());
}
SandboxLibrary::~SandboxLibrary() { client_->stop(); }

void SandboxLibrary::misbehave(const std::string& path, const std::string& kind, int times,
                               int milliseconds) {
  command("/sandbox/faults", R"({"path":")" + path + R"(","kind":")" + kind + R"(","times":)" +
                                 std::to_string(times) + R"(,"milliseconds":)" +
                                 std::to_string(milliseconds) + "}");
}

std::string SandboxLibrary::page(const std::string& path) {
  Message question = testing::message_of("http.request", "", "");
  question.headers = {{"http-method", "GET"}, {"http-path", path}};
  auto answer = client_->answer(question, testing::call_of("t", 10s));
  return answer ? testing::body_of(answer.value()) : answer.error().message;
}

std::string SandboxLibrary::command(const std::string& path, const std::string& json) {
  Message question = testing::message_of("http.request", "application/json", json);
  question.headers = {{"http-method", "POST"}, {"http-path", path}};
  auto answer = client_->answer(question, testing::call_of("t", 30s));
  EXPECT_TRUE(answer.ok()) << answer.error().message;
  if (!answer) return {};
  EXPECT_EQ(answer.value().headers.at("http-status"), "200") << testing::body_of(answer.value());
  return testing::body_of(answer.value());
}

void SandboxLibrary::expect_no_violation() {
  EXPECT_NE(page("/sandbox/violations").find("\"count\": 0"), std::string::npos)
      << page("/sandbox/violations");
}

void lend(testing::FakeContext& context, SandboxLibrary& library) {
  context.lend("library", library.client());
  context.mutable_clock().set(
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

}  // namespace certbridge::municipal_library

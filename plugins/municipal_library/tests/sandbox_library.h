// A library of the sandbox, which shares no code with us, and the real HTTP client to it.
#pragma once

#include <memory>
#include <string>

#include "certbridge/testing/fake_context.h"
#include "sandbox_server.h"

namespace certbridge::municipal_library {

class SandboxLibrary {
 public:
  // "epoint" or "linewell"; further arguments of its command may follow.
  SandboxLibrary(const std::string& dialect, const std::vector<std::string>& arguments);
  ~SandboxLibrary();

  // The options with which our side speaks to it.
  const testing::Options& options() const { return options_; }
  Responder& client() { return *client_; }
  // The next answers of a path go wrong in this way.
  void misbehave(const std::string& path, const std::string& kind, int times, int milliseconds);
  std::string page(const std::string& path);
  // What it answers to a command; a test failure when it does not take it.
  std::string command(const std::string& path, const std::string& json);
  void expect_no_violation();

 private:
  testing::SandboxServer server_;
  testing::FakeContext http_;
  testing::Options options_;
  std::unique_ptr<Responder> client_{};
};

// Lends the library's client to a context, whose clock is set to the time.
void lend(testing::FakeContext& context, SandboxLibrary& library);

}  // namespace certbridge::municipal_library

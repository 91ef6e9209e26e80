// A server of the sandbox as a process of its own, on a port that it chooses.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace certbridge::testing {

// Started by the constructor and stopped by the destructor; a start that fails is a test failure.
class SandboxServer {
 public:
  explicit SandboxServer(const std::vector<std::string>& arguments);
  ~SandboxServer();
  SandboxServer(const SandboxServer&) = delete;
  SandboxServer& operator=(const SandboxServer&) = delete;
  const std::string& url() const { return url_; }

 private:
  pid_t process_ = -1;
  int stdin_ = -1;
  std::string url_{};
};

// Runs sandbox.py to its end; true when it succeeded.
bool run_sandbox(const std::vector<std::string>& arguments);

}  // namespace certbridge::testing

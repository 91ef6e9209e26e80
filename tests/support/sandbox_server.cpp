#include "sandbox_server.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

extern char** environ;

namespace certbridge::testing {
namespace {

constexpr int kLongestStartMs = 30'000;

std::vector<std::string> command_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{
      "python3", std::string(CERTBRIDGE_SOURCE_DIR) + "/tests/sandbox/sandbox.py"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

pid_t spawn(const std::vector<std::string>& arguments, int input, int output) {
  std::vector<std::string> command = command_of(arguments);
  std::vector<char*> pointers;
  for (std::string& word : command) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0) posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t process = -1;
  const int problem =
      posix_spawnp(&process, "python3", &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return problem == 0 ? process : -1;
}

std::string read_line(int from) {
  std::string line;
  char byte = 0;
  pollfd ready{from, POLLIN, 0};
  while (poll(&ready, 1, kLongestStartMs) > 0 && read(from, &byte, 1) == 1 && byte != '\n')
    line += byte;
  return line;
}

std::string url_in(const std::string& line) {
  const std::string mark = "\"url\": \"";
  const auto at = line.find(mark);
  if (at == std::string::npos) return {};
  const auto begin = at + mark.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

}  // namespace

SandboxServer::SandboxServer(const std::vector<std::string>& arguments) {
  std::array<int, 2> input{-1, -1};
  std::array<int, 2> output{-1, -1};
  // Closed on exec: another server's process must not hold our end open.
  if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipes";
    return;
  }
  std::vector<std::string> all = arguments;
  all.emplace_back("--stop-on-stdin");
  process_ = spawn(all, input[0], output[1]);
  close(input[0]);
  close(output[1]);
  stdin_ = input[1];
  url_ = url_in(read_line(output[0]));
  close(output[0]);
  EXPECT_FALSE(url_.empty()) << "the sandbox did not start";
}

SandboxServer::~SandboxServer() {
  if (stdin_ >= 0) close(stdin_);
  if (process_ > 0) waitpid(process_, nullptr, 0);
}

bool run_sandbox(const std::vector<std::string>& arguments) {
  const pid_t process = spawn(arguments, -1, -1);
  int status = -1;
  return process > 0 && waitpid(process, &status, 0) == process && status == 0;
}

}  // namespace certbridge::testing

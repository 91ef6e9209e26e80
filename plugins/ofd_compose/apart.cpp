#include "apart.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace certbridge::ofd_compose {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error not_run(const std::string& program) {
  return Error::fault("ofd_compose.copier", "the program cannot be run: " + program);
}

bool put(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = write(file, bytes.data(), bytes.size());
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string content_of_file(int file, std::uint64_t largest) {
  struct stat about {};
  if (fstat(file, &about) != 0 || about.st_size <= 0) return {};
  std::string bytes(std::min(static_cast<std::uint64_t>(about.st_size), largest), '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t size =
        pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (size <= 0) return {};
    done += static_cast<std::size_t>(size);
  }
  return bytes;
}

// Nothing of ours is inherited but the two.
std::optional<pid_t> spawned(const std::string& program, std::vector<std::string> arguments,
                             int input, int output) {
  std::string name = program;
  std::vector<char*> pointers{name.data()};
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  std::string language = "LC_ALL=C.UTF-8";
  char* environment[] = {language.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  pid_t process = 0;
  const int failed =
      posix_spawn(&process, program.c_str(), &actions, nullptr, pointers.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? std::optional(process) : std::nullopt;
}

// False when it had to be killed.
bool ended(pid_t process, const Call& call) {
  const Descriptor watched(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
  pollfd wait{watched.number(), POLLIN, 0};
  while (!call.stop.stop_requested()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        call.deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    if (poll(&wait, 1, static_cast<int>(std::min<long>(left.count(), 100))) > 0) return true;
  }
  kill(process, SIGKILL);
  return false;
}

}  // namespace

Result<ApartAnswer> run_apart(const std::string& program, const std::vector<std::string>& arguments,
                              const std::vector<std::string_view>& input, std::uint64_t largest,
                              const Call& call) {
  const Descriptor question(memfd_create("question", MFD_CLOEXEC));
  const Descriptor answer(memfd_create("answer", MFD_CLOEXEC));
  for (const std::string_view part : input) {
    if (!put(question.number(), part)) return not_run(program);
  }
  lseek(question.number(), 0, SEEK_SET);
  const auto process = spawned(program, arguments, question.number(), answer.number());
  if (!process) return not_run(program);
  const bool in_time = ended(*process, call);
  int status = 0;
  waitpid(*process, &status, 0);
  if (!in_time) {
    return Error::retryable("ofd_compose.copy_time", "the copy was not made in time");
  }
  return ApartAnswer{WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                     content_of_file(answer.number(), largest)};
}

}  // namespace certbridge::ofd_compose

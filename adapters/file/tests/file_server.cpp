#include "file_server.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <vector>

namespace certbridge::file::testing {
namespace {

const std::string kServers = std::string(CERTBRIDGE_SOURCE_DIR) + "/tests/support/file_servers.sh";

const char* word_of(ServerKind kind) {
  switch (kind) {
    case ServerKind::kSftp:
      return "sftp";
    case ServerKind::kSftpPassword:
      return "sftp-password";
    case ServerKind::kSftpQuestions:
      return "sftp-questions";
    case ServerKind::kSftpKeyThenPassword:
      return "sftp-key-password";
    case ServerKind::kSftpKeyThenQuestions:
      return "sftp-key-questions";
    case ServerKind::kSftpPasswordThenKey:
      return "sftp-password-key";
    case ServerKind::kFtp:
      return "ftp";
    case ServerKind::kOldFtp:
      break;
  }
  return "old-ftp";
}

// The first line that a command writes: what it starts may keep the pipe open.
std::string first_line_of(const std::string& command) {
  std::array<char, 512> line{};
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  const bool read = std::fgets(line.data(), line.size(), pipe) != nullptr;
  ::pclose(pipe);
  return read ? line.data() : "";
}

std::string first_word_behind(const std::string& command, int skipped) {
  std::istringstream line(first_line_of(command));
  std::string word;
  for (int number = 0; number <= skipped; ++number) line >> word;
  return word;
}

// A process and all that came of it.
void add_family(pid_t process, std::vector<pid_t>& family) {
  family.push_back(process);
  const std::string id = std::to_string(process);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  for (pid_t child = 0; children >> child;) add_family(child, family);
}

}  // namespace

bool is_secure(ServerKind kind) { return kind != ServerKind::kFtp && kind != ServerKind::kOldFtp; }

bool asks_for_key(ServerKind kind) {
  return is_secure(kind) && kind != ServerKind::kSftpPassword && kind != ServerKind::kSftpQuestions;
}

FileServer::FileServer(ServerKind kind) : kind_(kind) {
  take(std::string("start ") + word_of(kind) + " " + folder_.path());
  settings_.host = "127.0.0.1";
  settings_.wait = std::chrono::seconds(10);  // for a busy machine
  if (kind_ != ServerKind::kSftp) settings_.password = "secret";
  if (asks_for_key(kind_)) {
    settings_.private_key = folder_.path() + "/client_key";
    settings_.passphrase = "secret";
  }
  if (!is_secure(kind_)) return;
  settings_.host_key = first_word_behind("ssh-keygen -lf " + folder_.path() + "/host_key.pub", 1);
}

FileServer::~FileServer() { stop(); }

FileServer& FileServer::of(ServerKind kind) {
  static std::map<ServerKind, std::unique_ptr<FileServer>> servers;
  std::unique_ptr<FileServer>& server = servers[kind];
  if (!server) server = std::make_unique<FileServer>(kind);
  return *server;
}

void FileServer::begin() {
  drop_ = "drop" + std::to_string(++begun_);
  folder_.make("files/" + drop_);
  settings_.folder = is_secure(kind_) ? folder_.path() + "/files/" + drop_ : drop_;
  logins_before_ = all_logins();
}

void FileServer::take(const std::string& command) {
  std::istringstream answer(first_line_of(kServers + " " + command));
  if (answer >> settings_.port >> process_ >> settings_.user) return;
  std::cerr << "the server could not be started; see the sentence above\n";
  std::_Exit(3);
}

void FileServer::signal_all(int signal) const {
  std::vector<pid_t> family;
  if (process_ > 0) add_family(process_, family);
  for (const pid_t process : family) ::kill(process, signal);
}

void FileServer::stop() {
  signal_all(SIGKILL);
  process_ = 0;
  if (kind_ == ServerKind::kSftpQuestions || kind_ == ServerKind::kSftpKeyThenQuestions)
    first_line_of(kServers + " clean");
}

void FileServer::start_again() {
  take(std::string("again ") + word_of(kind_) + " " + folder_.path() + " " +
       std::to_string(settings_.port));
}

void FileServer::freeze(bool still) const { signal_all(still ? SIGSTOP : SIGCONT); }

int FileServer::logins() const { return all_logins() - logins_before_; }

int FileServer::all_logins() const {
  if (!is_secure(kind_)) return times_logged("OK LOGIN");
  return times_logged("Accepted p") + times_logged("Accepted keyboard-interactive");
}

int FileServer::refusals() const {
  if (!is_secure(kind_)) return times_logged("FAIL LOGIN");
  return times_logged("Failed p") + times_logged("Failed keyboard-interactive");
}

int FileServer::times_logged(const std::string& mark) const {
  std::istringstream log(folder_.bytes_of("server.log"));
  int number = 0;
  for (std::string line; std::getline(log, line);)
    number += line.find(mark) != std::string::npos ? 1 : 0;
  return number;
}

}  // namespace certbridge::file::testing

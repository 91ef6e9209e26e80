// A real server on loopback: OpenSSH's for SFTP, vsftpd for FTP.
#pragma once

#include <sys/types.h>

#include <string>

#include "drop_folder.h"
#include "server_settings.h"

namespace certbridge::file::testing {

enum class ServerKind : std::uint8_t {
  kSftp = 1,                  // who shows a key is let in
  kFtp = 2,                   // who says the password
  kOldFtp = 3,                // the same
  kSftpPassword = 4,          // the same, over SFTP
  kSftpQuestions = 5,         // the same, where the server asks for it in words
  kSftpKeyThenPassword = 6,   // who does both, in this order
  kSftpKeyThenQuestions = 7,  // the same, where it asks for the password in words
  kSftpPasswordThenKey = 8,
};

bool is_secure(ServerKind kind);
bool asks_for_key(ServerKind kind);

// Ends the test program with a sentence when the server cannot be started: nothing is skipped.
class FileServer {
 public:
  explicit FileServer(ServerKind kind);
  ~FileServer();
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  // One of each kind for the whole program: starting takes long.
  static FileServer& of(ServerKind kind);
  // Of somebody who is let in, to an empty folder that begin() made.
  const ServerSettings& settings() const { return settings_; }
  void begin();
  // Below the folder of the settings, seen from this side.
  std::string below(const std::string& name) const { return "files/" + drop_ + "/" + name; }
  const DropFolder& folder() const { return folder_; }
  int logins() const;  // since begin()
  int refusals() const;
  // Ends it and every session; then starts it again at the same port.
  void stop();
  void start_again();
  // Server and sessions stand still, or go on.
  void freeze(bool still) const;

 private:
  void take(const std::string& command);
  int all_logins() const;
  int times_logged(const std::string& mark) const;
  void signal_all(int signal) const;

  ServerKind kind_;
  DropFolder folder_{};
  ServerSettings settings_{};
  std::string drop_{};
  int begun_ = 0;
  int logins_before_ = 0;
  pid_t process_ = 0;
};

}  // namespace certbridge::file::testing

// How a server is reached.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace certbridge::file {

struct ServerSettings {
  std::string folder{};  // at the server
  std::string host{};
  std::uint16_t port = 0;
  std::string user{};
  std::string password{};                  // secret
  std::string private_key{};               // SFTP: path of a file; besides a password or in place
  std::string passphrase{};                // SFTP: of the private key; secret
  std::string host_key{};                  // SFTP: "SHA256:..." as ssh-keygen -l shows it
  std::chrono::milliseconds wait{30'000};  // for one answer of the server
};

}  // namespace certbridge::file

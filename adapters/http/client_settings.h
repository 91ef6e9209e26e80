// What the client is set up with: plain values, taken from the endpoint's options.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace certbridge::http {

struct ClientSettings {
  std::string base_url{};
  std::chrono::milliseconds connect_timeout{5'000};  // name, TCP connection and TLS handshake
  std::chrono::milliseconds send_timeout{15'000};    // all of the request
  std::chrono::milliseconds first_byte_timeout{
      30'000};                                // from the last byte sent to the first back
  std::chrono::milliseconds timeout{60'000};  // all of it; the call's deadline cuts it short
  std::chrono::milliseconds idle{20'000};     // a connection that was idle longer is not used again
  std::uint64_t connections = 8;              // open at once
  std::uint64_t max_request = 64'000'000;     // bytes of a body
  std::uint64_t max_response = 16'000'000;
  std::uint32_t max_header = 32'000;  // bytes of an answer's head
  std::string ca_file{};              // empty: the system's authorities
  std::string client_certificate{};   // PEM file, chain behind it; empty: none
  std::string client_key{};           // PEM file
  std::string client_key_passphrase{};
};

}  // namespace certbridge::http

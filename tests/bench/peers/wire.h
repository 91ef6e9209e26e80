// HTTP/1.1 over sockets that never block, as much as load generator and receiver need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace certbridge::bench {

// One connection and what has arrived on it.
struct Wire {
  int socket = -1;
  std::string received{};
  std::string unsent{};

  // Takes what is there; false when the other side is gone.
  bool take();
  // Sends what it can and keeps the rest; false when the other side is gone.
  bool send(std::string_view bytes);
  void close();
};

// The first whole message of the bytes; `size` is 0 while it is not complete. Views into the bytes.
struct HttpMessage {
  std::size_t size = 0;
  std::string_view first_line{};
  std::string_view body{};
};
HttpMessage whole_message(std::string_view bytes);

// The value of `"event_id":"…"` in a body, or empty.
std::string_view event_id(std::string_view body);

// Both end the program when they cannot. The port of `listen_on` may be 0.
int connect_to(std::uint16_t port);
int listen_on(std::uint16_t port);
void make_non_blocking(int socket);
void make_blocking(int socket);

}  // namespace certbridge::bench

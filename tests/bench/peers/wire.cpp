#include "wire.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "measure.h"

namespace certbridge::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Whatever its letters' case, as servers write it differently.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "\r\ncontent-length:";
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;
       at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at);
    if (line.size() < kName.size() || strncasecmp(line.data(), kName.data(), kName.size()) != 0) {
      continue;
    }
    const std::size_t value = line.find_first_not_of(' ', kName.size());
    std::size_t length = 0;
    std::from_chars(line.data() + value, line.data() + line.size(), length);
    return length;
  }
  return 0;
}

}  // namespace

bool Wire::take() {
  std::array<char, 64 * 1024> buffer;
  const ssize_t got = recv(socket, buffer.data(), buffer.size(), 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  received.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

bool Wire::send(std::string_view bytes) {
  unsent.append(bytes);
  while (!unsent.empty()) {
    const ssize_t sent = ::send(socket, unsent.data(), unsent.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    unsent.erase(0, static_cast<std::size_t>(sent));
  }
  return true;
}

void Wire::close() {
  if (socket >= 0) ::close(socket);
  socket = -1;
}

HttpMessage whole_message(std::string_view bytes) {
  HttpMessage message;
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return message;
  const std::size_t length = content_length(bytes.substr(0, end));
  if (bytes.size() < end + 4 + length) return message;
  message.size = end + 4 + length;
  message.first_line = bytes.substr(0, bytes.find("\r\n"));
  message.body = bytes.substr(end + 4, length);
  return message;
}

std::string_view event_id(std::string_view body) {
  constexpr std::string_view kMember = "\"event_id\":\"";
  const std::size_t at = body.find(kMember);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = body.substr(at + kMember.size());
  return rest.substr(0, rest.find('"'));
}

void make_non_blocking(int socket) { fcntl(socket, F_SETFL, O_NONBLOCK); }
void make_blocking(int socket) { fcntl(socket, F_SETFL, 0); }

int connect_to(std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  const int opened = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(opened, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(opened, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    give_up("nobody listens on port " + std::to_string(port));
  }
  make_non_blocking(opened);
  return opened;
}

int listen_on(std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  const int opened = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(opened, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(opened, 512) != 0) {
    give_up("port " + std::to_string(port) + " cannot be listened on");
  }
  make_non_blocking(opened);
  return opened;
}

}  // namespace certbridge::bench

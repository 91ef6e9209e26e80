#include "load_process.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace certbridge::bench {
namespace {

struct Line {
  int socket = -1;
  std::string received{};
};

int connect_to(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int opened = socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  setsockopt(opened, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(opened, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) _exit(1);
  return opened;
}

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) _exit(1);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Length of the first whole answer in the bytes, or 0.
std::size_t whole_answer(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const auto at = bytes.find("Content-Length: ");
  const std::size_t length =
      at < end ? std::strtoul(bytes.data() + at + sizeof("Content-Length: ") - 1, nullptr, 10) : 0;
  return bytes.size() >= end + 4 + length ? end + 4 + length : 0;
}

LoadResult generate(std::uint16_t port, int connections, std::uint64_t requests,
                    std::size_t body_bytes) {
  const std::string request =
      "POST /events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "X-Api-Key: bench\r\nContent-Length: " +
      std::to_string(body_bytes) + "\r\n\r\n" + std::string(body_bytes, ' ');
  std::vector<Line> lines(static_cast<std::size_t>(connections));
  const int ready = epoll_create1(0);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i].socket = connect_to(port);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(ready, EPOLL_CTL_ADD, lines[i].socket, &event);
  }
  LoadResult result;
  const auto began = std::chrono::steady_clock::now();
  std::uint64_t sent = 0;
  for (Line& line : lines) {
    send_all(line.socket, request);
    ++sent;
  }
  std::array<epoll_event, 64> events{};
  std::array<char, 16 * 1024> buffer{};
  while (result.answers < requests) {
    const int count = epoll_wait(ready, events.data(), static_cast<int>(events.size()), 5000);
    if (count <= 0) _exit(1);
    for (int i = 0; i < count; ++i) {
      Line& line = lines[events[static_cast<std::size_t>(i)].data.u64];
      const ssize_t got = recv(line.socket, buffer.data(), buffer.size(), 0);
      if (got <= 0) _exit(1);
      line.received.append(buffer.data(), static_cast<std::size_t>(got));
      const std::size_t whole = whole_answer(line.received);
      if (whole == 0) continue;
      if (line.received.compare(0, 12, "HTTP/1.1 202") != 0) ++result.wrong;
      line.received.erase(0, whole);
      ++result.answers;
      if (sent < requests) {
        send_all(line.socket, request);
        ++sent;
      }
    }
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace

LoadResult run_load(std::uint16_t port, int connections, std::uint64_t requests,
                    std::size_t body_bytes) {
  std::array<int, 2> ends{-1, -1};
  LoadResult result;
  if (pipe(ends.data()) != 0) return result;
  const pid_t child = fork();
  if (child == 0) {
    const LoadResult made = generate(port, connections, requests, body_bytes);
    _exit(write(ends[1], &made, sizeof made) == sizeof made ? 0 : 1);
  }
  close(ends[1]);
  if (read(ends[0], &result, sizeof result) != sizeof result) result = LoadResult{};
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return result;
}

}  // namespace certbridge::bench

// Receives what the contestants deliver, and counts it by event identifier:
//   peer_sink PORT-FILE
// POST /take       200, once the event is noted
// GET  /has/ID     200 or 404
// GET  /figures    distinct events, duplicates, when the last new one came (seconds of the steady
// clock) GET  /events     the identifiers, one on a line POST /reset      forgets everything
// Listens on a free port, which it writes to PORT-FILE. One thread; ends with its parent.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <unordered_map>

#include "measure.h"
#include "wire.h"

namespace certbridge::bench {
namespace {

class Books {
 public:
  std::string answer(std::string_view first_line, std::string_view body) {
    const std::string_view target = word(first_line, 1);
    if (target == "/take") return take(event_id(body));
    if (target.starts_with("/has/")) {
      return seen_.contains(std::string(target.substr(5))) ? reply(200, "{}") : reply(404, "{}");
    }
    if (target == "/figures") return reply(200, figures());
    if (target == "/events") return reply(200, events());
    if (target == "/reset") {
      *this = Books{};
      return reply(200, "{}");
    }
    return reply(404, "{}");
  }

 private:
  static std::string_view word(std::string_view line, int number) {
    for (; number > 0; --number) line.remove_prefix(std::min(line.size(), line.find(' ') + 1));
    return line.substr(0, line.find(' '));
  }

  static std::string reply(int status, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) + (status == 200 ? " OK" : " No") +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }

  std::string take(std::string_view id) {
    if (id.empty()) return reply(422, R"({"wrong":"no event_id"})");
    if (++seen_[std::string(id)] == 1) {
      last_ = steady_seconds();
    } else {
      ++duplicates_;
    }
    return reply(200, R"({"taken":true})");
  }

  std::string figures() const {
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(),
                  "{\"events\": %zu, \"duplicates\": %llu, \"last\": %.6f, \"cpu_seconds\": %.4f}",
                  seen_.size(), static_cast<unsigned long long>(duplicates_), last_,
                  process_seconds());
    return text.data();
  }

  std::string events() const {
    std::string text;
    for (const auto& [id, times] : seen_) text += id + "\n";
    return text;
  }

  std::unordered_map<std::string, int> seen_{};
  unsigned long long duplicates_ = 0;
  double last_ = 0;
};

// False when the connection is over.
bool serve(Wire& wire, Books& books) {
  const bool open = wire.take();
  std::string answers;
  for (HttpMessage request = whole_message(wire.received); request.size > 0;
       request = whole_message(wire.received)) {
    answers += books.answer(request.first_line, request.body);
    wire.received.erase(0, request.size);
  }
  return wire.send(answers) && open;
}

void watch(int epoll, int socket, int change, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  epoll_ctl(epoll, change, socket, &event);
}

void greet(int epoll, int listening, std::map<int, Wire>& wires) {
  const int socket = accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0) return;
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  wires[socket].socket = socket;
  watch(epoll, socket, EPOLL_CTL_ADD, EPOLLIN);
}

[[noreturn]] void serve_all(int listening) {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, listening, EPOLL_CTL_ADD, EPOLLIN);
  std::map<int, Wire> wires;
  Books books;
  std::array<epoll_event, 64> events{};
  while (true) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket == listening) {
        greet(epoll, listening, wires);
        continue;
      }
      Wire& wire = wires[socket];
      const bool waited = !wire.unsent.empty();
      if (serve(wire, books)) {
        const bool waits = !wire.unsent.empty();
        if (waits != waited) {
          watch(epoll, socket, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
        }
        continue;
      }
      wire.close();
      wires.erase(socket);
    }
  }
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  using namespace certbridge::bench;
  if (count != 2) give_up("peer_sink PORT-FILE");
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int listening = listen_on(0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
  const std::string file = arguments[1];
  std::FILE* written = std::fopen((file + ".new").c_str(), "w");
  if (written == nullptr) give_up(file + " cannot be written");
  std::fprintf(written, "%d", ntohs(address.sin_port));
  std::fclose(written);
  std::rename((file + ".new").c_str(), file.c_str());
  serve_all(listening);
}

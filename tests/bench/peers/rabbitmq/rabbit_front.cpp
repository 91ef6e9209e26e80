// The HTTP front of RabbitMQ and its consumers:
//   rabbit_front blocking|pipelined classic|quorum HTTP-PORT AMQP-PORT SINK-PORT
// POST /push is published as persistent and answered 202 once the broker has confirmed it.
//   blocking   a thread, a connection and a channel of the broker for each HTTP connection
//   pipelined  one thread and one channel for all, with as many unconfirmed messages as there are
//   requests
// Four consumers wrap each message, post it to the receiver and acknowledge it then.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "amqp.h"
#include "wire.h"

namespace certbridge::bench {
namespace {

constexpr int kConsumers = 4;
constexpr std::uint16_t kUnacknowledged = 64;
constexpr const char* kQueue = "bench";
constexpr std::string_view kTaken = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}";
constexpr std::string_view kNotTaken = "HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\n{}";

struct Ports {
  std::uint16_t http = 0;
  std::uint16_t amqp = 0;
  std::uint16_t sink = 0;
};

void make_prompt(int socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

// Blocks until a whole message is there; false when the other side is gone.
bool wait_for_message(Wire& wire, HttpMessage& message) {
  while ((message = whole_message(wire.received)).size == 0) {
    if (!wire.take()) return false;
  }
  return true;
}

void consume(const Ports& ports) {
  Amqp amqp(ports.amqp, kQueue);
  amqp.consume(kUnacknowledged);
  Wire sink;
  sink.socket = connect_to(ports.sink);
  make_blocking(sink.socket);
  while (true) {
    std::uint64_t tag = 0;
    const std::string body = "{\"route\":\"relay\",\"event\":" + amqp.next_message(tag) + "}";
    HttpMessage answer;
    if (!sink.send("POST /take HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                   "Content-Length: " +
                   std::to_string(body.size()) + "\r\n\r\n" + body) ||
        !wait_for_message(sink, answer) || answer.first_line.substr(9, 3) != "200") {
      give_up("the receiver does not take a message");
    }
    sink.received.erase(0, answer.size);
    amqp.acknowledge(tag);
  }
}

void serve_blocking(int socket, const Ports& ports) {
  Amqp amqp(ports.amqp, kQueue);
  amqp.confirm_publishes();
  Wire wire;
  wire.socket = socket;
  HttpMessage request;
  while (wait_for_message(wire, request)) {
    amqp.publish(request.body);
    Amqp::Confirm confirm;
    while (!amqp.next_confirm(confirm, nullptr)) {
    }
    wire.received.erase(0, request.size);
    if (!wire.send(confirm.taken ? kTaken : kNotTaken)) break;
  }
  wire.close();
}

[[noreturn]] void run_blocking(int listening, const Ports& ports) {
  make_blocking(listening);
  while (true) {
    const int socket = accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    make_prompt(socket);
    std::thread([socket, &ports] { serve_blocking(socket, ports); }).detach();
  }
}

class Pipelined {
 public:
  Pipelined(int listening, const Ports& ports) : listening_(listening), amqp_(ports.amqp, kQueue) {
    amqp_.confirm_publishes();
    watch(listening_);
    watch(amqp_.socket());
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 128> events{};
    while (true) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                   amqp_.has_more() ? 0 : -1);
      for (int i = 0; i < count; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        if (socket == listening_) {
          greet();
        } else if (socket != amqp_.socket()) {
          read(socket);
        }
      }
      answer_confirmed();
    }
  }

 private:
  void watch(int socket) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }

  void greet() {
    const int socket = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) return;
    make_prompt(socket);
    wires_[socket].socket = socket;
    watch(socket);
  }

  void read(int socket) {
    Wire& wire = wires_[socket];
    const bool open = wire.take();
    for (HttpMessage request = whole_message(wire.received); request.size > 0;
         request = whole_message(wire.received)) {
      amqp_.publish(request.body);
      unconfirmed_.push_back({socket, false});
      wire.received.erase(0, request.size);
    }
    if (open) return;
    for (Waiting& waiting : unconfirmed_) {
      if (waiting.socket == socket) waiting.socket = -1;
    }
    wire.close();
    wires_.erase(socket);
  }

  void answer_confirmed() {
    const timeval now{};
    Amqp::Confirm confirm;
    while (amqp_.next_confirm(confirm, &now)) {
      const std::uint64_t last = confirm.tag - first_tag_;
      for (std::uint64_t i = confirm.multiple ? 0 : last; i <= last; ++i) {
        Waiting& waiting = unconfirmed_[i];
        if (waiting.answered) continue;
        waiting.answered = true;
        if (waiting.socket >= 0) wires_[waiting.socket].send(confirm.taken ? kTaken : kNotTaken);
      }
      while (!unconfirmed_.empty() && unconfirmed_.front().answered) {
        unconfirmed_.pop_front();
        ++first_tag_;
      }
    }
  }

  struct Waiting {
    int socket = -1;
    bool answered = false;
  };
  int listening_;
  Amqp amqp_;
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::map<int, Wire> wires_{};
  std::deque<Waiting> unconfirmed_{};
  std::uint64_t first_tag_ = 1;  // of unconfirmed_.front()
};

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  using namespace certbridge::bench;
  if (count != 6) give_up("rabbit_front blocking|pipelined classic|quorum HTTP AMQP SINK");
  const auto port = [&](int at) { return static_cast<std::uint16_t>(std::atoi(arguments[at])); };
  const Ports ports{port(3), port(4), port(5)};
  Amqp(ports.amqp, kQueue).declare(arguments[2]);
  for (int i = 0; i < kConsumers; ++i) std::thread([&ports] { consume(ports); }).detach();
  const int listening = listen_on(ports.http);
  if (std::string(arguments[1]) == "blocking") run_blocking(listening, ports);
  Pipelined(listening, ports).run();
}

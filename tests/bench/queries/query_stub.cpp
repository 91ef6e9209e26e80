// Plays registration system and library for whoever is measured by queries:
//   query_stub PORT-FILE [FILE-BYTES]
// GET  /case/NUMBER            how a case stands, as JSON; its applicant has the case's number as
// his POST /epoint/rest/token      a token POST /epoint/rest/cert/search  one certificate of
// whoever is asked about (`certownerno`), or with
//                              the number that is asked for, which is its holder's; about 2 kB
// POST /epoint/rest/cert/file  a file of FILE-BYTES in Base64
// POST /delay/NAME/MILLISECONDS  answers of `search` or `file` come so late from now on
// GET  /figures                answers of each kind, processor time
// Listens on a free port, which it writes to PORT-FILE. One thread; ends with its parent.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

#include "measure.h"
#include "wire.h"

namespace certbridge::bench {
namespace {

using Bytes = std::shared_ptr<const std::string>;

std::string member(std::string_view body, const std::string& name) {
  const std::string mark = "\"" + name + "\":\"";
  const std::size_t at = body.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = body.substr(at + mark.size());
  return std::string(rest.substr(0, rest.find('"')));
}

std::string_view word(std::string_view line, int number) {
  for (; number > 0; --number) line.remove_prefix(std::min(line.size(), line.find(' ') + 1));
  return line.substr(0, line.find(' '));
}

Bytes reply(const std::string& body, int status = 200) {
  return std::make_shared<std::string>(
      "HTTP/1.1 " + std::to_string(status) + (status == 200 ? " OK" : " No") +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body);
}

Bytes envelope(const std::string& members) {
  return reply(R"({"custom":{"code":"0000","text":"请求成功",)" + members +
               R"(},"status":{"code":"1"}})");
}

std::string case_facts(const std::string& number) {
  return R"({"caseNo":")" + number + R"(","open":true,"unit":"12411300MB1234567G",)" +
         R"("item":"BDC-2000402","area":"411324","handler":"clerk-7",)" +
         R"("material":"11100000000013127D001","applicant":")" + number + R"("})";
}

std::string certificate(const std::string& holder) {
  std::string face(1200, 'x');
  return R"("certinfo":[{"certificateidentifier":"I)" + holder + R"(","certno":")" + holder +
         R"(","tycertcatcode":"11100000000013127D001","certname":"中华人民共和国居民身份证",)"
         R"("version":1,"certownername":"测试","certownerno":")" +
         holder +
         R"(","certownertype":"1","certawarddept":"测试公安局","certawarddeptcode":"11411300000000001X",)"
         R"("awarddate":"2020-01-06 00:00:00","expiredatefrom":"2020-01-06 00:00:00",)"
         R"("expiredateto":"9999-12-30 00:00:00","status":"正常","ishistory":"0","fileguid":"F)" +
         holder + R"(","certinfoextension":"{\"KZ_BZ\":\")" + face + R"(\"}"}])";
}

// Base64 of an OFD package's first bytes and then of zeros.
Bytes file_answer(std::size_t bytes) {
  std::string text = "UEsDBAAA";
  text.append(bytes / 3 * 4 - text.size(), 'A');
  return envelope(R"("contenttype":"base64","content":")" + text + "\"");
}

class Counterparts {
 public:
  explicit Counterparts(std::size_t file_bytes) : file_(file_answer(file_bytes)) {}

  // The answer, and how many seconds from now it is due.
  std::pair<Bytes, double> answer(std::string_view first_line, std::string_view body) {
    const std::string_view target = word(first_line, 1);
    const std::string path(target.substr(0, target.find('?')));
    if (path.starts_with("/case/")) return count("case", reply(case_facts(path.substr(6))));
    if (path == "/epoint/rest/token")
      return count("token", envelope(R"("access_token":"t","expires_in":7200)"));
    if (path == "/epoint/rest/cert/search")
      return count("search", envelope(certificate(holder_in(body))));
    if (path == "/epoint/rest/cert/file") return count("file", file_);
    if (path.starts_with("/delay/")) return {set_delay(path.substr(7)), 0.0};
    if (path == "/figures") return {reply(figures()), 0.0};
    return {reply("{}", 404), 0.0};
  }

 private:
  static std::string holder_in(std::string_view body) {
    const std::string holder = member(body, "certownerno");
    return holder.empty() ? member(body, "certno") : holder;
  }
  std::pair<Bytes, double> count(const std::string& kind, Bytes bytes) {
    ++counts_[kind];
    return {std::move(bytes), delays_[kind]};
  }
  Bytes set_delay(const std::string& wish) {
    const std::size_t cut = wish.find('/');
    if (cut != std::string::npos)
      delays_[wish.substr(0, cut)] = std::atof(wish.c_str() + cut + 1) / 1000;
    return reply("{}");
  }
  std::string figures() const {
    std::string text = "{\"cpu_seconds\": " + std::to_string(process_seconds());
    for (const auto& [kind, number] : counts_)
      text += ", \"" + kind + "\": " + std::to_string(number);
    return text + "}";
  }

  Bytes file_;
  std::map<std::string, unsigned long long> counts_{};
  std::map<std::string, double> delays_{};
};

// A connection and the answers that it still has to be sent, one after the other.
struct Line {
  Wire wire{};
  std::vector<Bytes> answers{};
  std::size_t sent = 0;  // of the first of them

  // False when the other side is gone.
  bool send() {
    while (!answers.empty()) {
      const std::string& bytes = *answers.front();
      const ssize_t count =
          ::send(wire.socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      sent += static_cast<std::size_t>(count);
      if (sent < bytes.size()) continue;
      answers.erase(answers.begin());
      sent = 0;
    }
    return true;
  }
};

class Server {
 public:
  Server(int listening, std::size_t file_bytes)
      : listening_(listening), epoll_(epoll_create1(EPOLL_CLOEXEC)), counterparts_(file_bytes) {
    watch(listening_, EPOLL_CTL_ADD, EPOLLIN);
  }

  [[noreturn]] void serve() {
    std::array<epoll_event, 64> events{};
    while (true) {
      const int count =
          epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds_left());
      for (int i = 0; i < count; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        if (socket == listening_) {
          greet();
        } else {
          hear(socket);
        }
      }
      send_due();
    }
  }

 private:
  struct Due {
    int socket;
    Bytes bytes;
  };

  void watch(int socket, int change, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    epoll_ctl(epoll_, change, socket, &event);
  }
  void greet() {
    const int socket = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) return;
    const int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    lines_[socket].wire.socket = socket;
    watch(socket, EPOLL_CTL_ADD, EPOLLIN);
  }
  void hear(int socket) {
    const auto found = lines_.find(socket);
    if (found == lines_.end()) return;
    Line& line = found->second;
    bool open = line.wire.take();
    for (HttpMessage request = whole_message(line.wire.received); request.size > 0;
         request = whole_message(line.wire.received)) {
      auto [bytes, wait] = counterparts_.answer(request.first_line, request.body);
      line.wire.received.erase(0, request.size);
      if (wait > 0) {
        due_.emplace(steady_seconds() + wait, Due{socket, std::move(bytes)});
      } else {
        line.answers.push_back(std::move(bytes));
      }
    }
    open = flush(line) && open;
    if (!open) end(socket);
  }
  bool flush(Line& line) const {
    const bool open = line.send();
    watch(line.wire.socket, EPOLL_CTL_MOD, line.answers.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
    return open;
  }
  // What is due to it goes with it: its number may be another connection's soon.
  void end(int socket) {
    std::erase_if(due_, [socket](const auto& one) { return one.second.socket == socket; });
    lines_[socket].wire.close();
    lines_.erase(socket);
  }
  int milliseconds_left() const {
    if (due_.empty()) return -1;
    return std::max(0, static_cast<int>((due_.begin()->first - steady_seconds()) * 1000) + 1);
  }
  void send_due() {
    const double now = steady_seconds();
    while (!due_.empty() && due_.begin()->first <= now) {
      Due due = std::move(due_.begin()->second);
      due_.erase(due_.begin());
      Line& line = lines_[due.socket];
      line.answers.push_back(std::move(due.bytes));
      if (!flush(line)) end(due.socket);
    }
  }

  int listening_;
  int epoll_;
  Counterparts counterparts_;
  std::map<int, Line> lines_{};
  std::multimap<double, Due> due_{};
};

void tell_port(int listening, const std::string& file) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
  std::FILE* written = std::fopen((file + ".new").c_str(), "w");
  if (written == nullptr) give_up(file + " cannot be written");
  std::fprintf(written, "%d", ntohs(address.sin_port));
  std::fclose(written);
  std::rename((file + ".new").c_str(), file.c_str());
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  using namespace certbridge::bench;
  if (count < 2) give_up("query_stub PORT-FILE [FILE-BYTES]");
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int listening = listen_on(0);
  tell_port(listening, arguments[1]);
  Server(listening, count > 2 ? static_cast<std::size_t>(std::atol(arguments[2])) : 4096).serve();
}

// Posts events to one contestant and times the answers:
//   peer_load --port N --path P --run NAME [--connections 64] [--most N] [--seconds S] [--rate R]
//   [--ids FILE] [--requests FILE]
// Without --rate each connection asks again as soon as it is answered. With it events are due R
// times a second, whatever was answered, and a wait counts from when its event was due. Prints one
// line of JSON; FILE gets the identifiers that were answered with 2xx. Goes on until the time or
// the number is over, or until the other side closes a connection. With --requests it sends those
// of the file, each once and in their order: its length (4 bytes, little-endian), then its bytes.
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

#include "measure.h"
#include "wire.h"

namespace certbridge::bench {
namespace {

constexpr std::size_t kBodyBytes = 4096;
constexpr double kPatience = 20;  // for answers after the last request

struct Settings {
  std::uint16_t port = 0;
  std::string path{"/push"};
  std::string run{"run"};
  std::string ids{};
  std::string requests{};
  int connections = 64;
  std::uint64_t most = 0;
  double seconds = 10;
  double rate = 0;
};

struct Line {
  Wire wire{};
  bool busy = false;
  double asked = 0;
  std::string id{};
};

// Bytes that do not compress, in the letters that JSON texts take as they are.
const std::string& noise() {
  static const std::string kNoise = [] {
    std::string text(64 * 1024, '\0');
    std::uint64_t state = 88172645463325252ULL;
    for (char& byte : text) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      byte = static_cast<char>('0' + (state & 63));
      if (byte == '\\') byte = 'z';
    }
    return text;
  }();
  return kNoise;
}

std::string request_of(const Settings& settings, std::uint64_t number, const std::string& id) {
  std::string body = "{\"event_id\":\"" + id + "\",\"event_type\":\"RELAY\",\"case_no\":\"" + id +
                     "\",\"payload\":\"";
  const std::size_t rest = kBodyBytes - body.size() - 2;
  body += noise().substr(number * 61 % (noise().size() - rest), rest) + "\"}";
  return "POST " + settings.path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Api-Key: "
         "bench-of-peers\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::vector<std::string> prepared_in(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  std::vector<std::string> requests;
  for (std::size_t at = 0; at + 4 <= bytes.size();) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + at, 4);
    requests.push_back(bytes.substr(at + 4, length));
    at += 4 + length;
  }
  if (requests.empty()) give_up(name + " holds no requests");
  return requests;
}

class Generator {
 public:
  explicit Generator(Settings settings) : settings_(std::move(settings)) {
    if (settings_.requests.empty()) return;
    prepared_ = prepared_in(settings_.requests);
    settings_.most = settings_.most == 0
                         ? prepared_.size()
                         : std::min<std::uint64_t>(settings_.most, prepared_.size());
  }

  void run() {
    open();
    began_ = steady_seconds();
    const double until = began_ + settings_.seconds;
    double now = began_;
    while (!broken_) {
      now = steady_seconds();
      const bool over = now >= until || (settings_.most != 0 && sent_ >= settings_.most);
      if (over && (answered_ == sent_ || now >= until + kPatience)) break;
      if (!over) ask(now);
      wait(over ? until + kPatience : until);
    }
    report(steady_seconds());
  }

 private:
  void open() {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    lines_.resize(static_cast<std::size_t>(settings_.connections));
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      lines_[i].wire.socket = connect_to(settings_.port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      epoll_ctl(epoll_, EPOLL_CTL_ADD, lines_[i].wire.socket, &event);
      idle_.push_back(i);
    }
  }

  void ask(double now) {
    while (!idle_.empty() && (settings_.most == 0 || sent_ < settings_.most)) {
      const double due =
          settings_.rate > 0 ? began_ + static_cast<double>(sent_) / settings_.rate : now;
      if (due > now) return;
      Line& line = lines_[idle_.front()];
      idle_.pop_front();
      line.id = settings_.run + "-" + std::to_string(sent_);
      line.asked = due;
      line.busy = true;
      broken_ = !line.wire.send(request(sent_, line.id)) || broken_;
      ++sent_;
    }
  }

  std::string request(std::uint64_t number, const std::string& id) const {
    return prepared_.empty() ? request_of(settings_, number, id) : prepared_[number];
  }

  void wait(double until) {
    double next = until;
    if (settings_.rate > 0 && !idle_.empty()) {
      next = std::min(next, began_ + static_cast<double>(sent_) / settings_.rate);
    }
    const double left = std::max(0.0, next - steady_seconds());
    const timespec most{
        static_cast<time_t>(left),
        static_cast<long>((left - static_cast<double>(static_cast<time_t>(left))) * 1e9)};
    std::array<epoll_event, 64> events{};
    const int count =
        epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &most, nullptr);
    const double now = steady_seconds();
    for (int i = 0; i < count; ++i) {
      const std::size_t index = events[static_cast<std::size_t>(i)].data.u64;
      if (!hear(index, now)) broken_ = true;
    }
  }

  bool hear(std::size_t index, double now) {
    Line& line = lines_[index];
    if (!line.wire.take()) return false;
    const HttpMessage answer = whole_message(line.wire.received);
    if (answer.size == 0) return true;
    if (!line.busy) return false;
    // "HTTP/1.1 2.."
    if (answer.first_line.size() > 9 && answer.first_line[9] == '2') {
      waits_.push_back(now - line.asked);
      accepted_.push_back(line.id);
      last_accept_ = now;
    } else {
      ++refused_;
      if (refused_ == 1) {
        std::fprintf(stderr, "the first refusal: %.*s %.*s\n",
                     static_cast<int>(answer.first_line.size()), answer.first_line.data(),
                     static_cast<int>(answer.body.size()), answer.body.data());
      }
    }
    line.wire.received.erase(0, answer.size);
    line.busy = false;
    ++answered_;
    idle_.push_back(index);
    return true;
  }

  double wait_within(double share) {
    if (waits_.empty()) return 0;
    const auto at = waits_.begin() +
                    static_cast<std::ptrdiff_t>(share * static_cast<double>(waits_.size() - 1));
    std::nth_element(waits_.begin(), at, waits_.end());
    return *at * 1000;
  }

  void report(double now) {
    if (!settings_.ids.empty()) {
      std::FILE* file = std::fopen(settings_.ids.c_str(), "w");
      if (file == nullptr) give_up(settings_.ids + " cannot be written");
      for (const std::string& id : accepted_) std::fprintf(file, "%s\n", id.c_str());
      std::fclose(file);
    }
    std::printf(
        "{\"began\": %.6f, \"ended\": %.6f, \"sent\": %llu, \"accepted\": %zu, \"refused\": %llu, "
        "\"p50_ms\": %.4f, \"p99_ms\": %.4f, \"cpu_seconds\": %.4f, \"broken\": %s}\n",
        began_, last_accept_ > 0 ? last_accept_ : now, static_cast<unsigned long long>(sent_),
        accepted_.size(), static_cast<unsigned long long>(refused_), wait_within(0.5),
        wait_within(0.99), process_seconds(), broken_ ? "true" : "false");
  }

  Settings settings_;
  std::vector<std::string> prepared_{};
  int epoll_ = -1;
  std::vector<Line> lines_{};
  std::deque<std::size_t> idle_{};
  std::vector<double> waits_{};
  std::vector<std::string> accepted_{};
  std::uint64_t sent_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t refused_ = 0;
  double began_ = 0;
  double last_accept_ = 0;
  bool broken_ = false;
};

Settings read_settings(int count, char** arguments) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < count; i += 2) given[arguments[i]] = arguments[i + 1];
  const auto number = [&](const char* name, double otherwise) {
    const auto found = given.find(name);
    return found == given.end() ? otherwise : std::atof(found->second.c_str());
  };
  Settings settings;
  settings.port = static_cast<std::uint16_t>(number("--port", 0));
  if (given.contains("--path")) settings.path = given["--path"];
  if (given.contains("--run")) settings.run = given["--run"];
  settings.ids = given["--ids"];
  settings.requests = given["--requests"];
  settings.connections = static_cast<int>(number("--connections", 64));
  settings.most = static_cast<std::uint64_t>(number("--most", 0));
  settings.seconds = number("--seconds", 10);
  settings.rate = number("--rate", 0);
  if (settings.port == 0) give_up("--port is missing");
  return settings;
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::Generator(certbridge::bench::read_settings(count, arguments)).run();
}

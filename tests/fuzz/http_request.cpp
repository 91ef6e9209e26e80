// The HTTP front (adapters/http) over a real connection: whatever is sent, it answers in whole
// answers or closes, hands on no request that was not there, and serves the next one.
#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>

#include "certbridge_front/http_front.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

using Poco::Net::StreamSocket;

// Answers at once; notes what it was handed.
class Desk final : public http::FrontHandler {
 public:
  std::optional<http::FrontAnswer> refuse(const http::FrontHead& head) override {
    if (head.method == "POST") return std::nullopt;
    return http::FrontAnswer{405, "{}", {}};
  }
  void handle(const http::FrontHead& head, std::string body, http::FrontReply reply) override {
    require(head.method == "POST", "only what was not refused is handed on");
    require(body.size() <= 4096, "no body is above the limit");
    ++handled;
    reply({200, "{}", {}});
  }
  std::atomic<std::size_t> handled{0};
};

struct Server {
  Desk desk{};
  std::unique_ptr<http::HttpFront> front = [this] {
    http::FrontSettings settings;
    settings.max_body = 4096;
    settings.max_header = 2048;
    return http::HttpFront::open(settings, desk).value();
  }();
};

Server& server() {
  static Server opened;
  return opened;
}

void send_all(StreamSocket& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const int sent = socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  socket.shutdownSend();
}

// All that comes back until the server closes.
std::string talk(std::string_view bytes) {
  std::string answer;
  try {
    StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", server().front->port()));
    socket.setReceiveTimeout(Poco::Timespan(50, 0));
    send_all(socket, bytes);
    std::array<char, 8192> buffer{};
    while (const int count = socket.receiveBytes(buffer.data(), buffer.size())) {
      answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
  } catch (const Poco::TimeoutException&) {
    require(false, "the server closes when nothing follows");
  } catch (const Poco::Exception&) {
    // It closed while we were still sending: allowed.
  }
  return answer;
}

std::size_t count_of(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    ++count;
  return count;
}

}  // namespace

std::vector<std::string> samples() {
  return {
      "POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
      "POST /events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n"
      "X: y\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\nx"
      "GET /b?c HTTP/1.0\r\nConnection: keep-alive\r\nAuthorization: Bearer t\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
      "\r\n"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  static std::size_t inputs = 0;
  const std::string_view input = text_of(data, size);
  const std::size_t before = server().desk.handled;
  const std::string answer = talk(input);
  require(answer.empty() || answer.starts_with("HTTP/1."), "what comes back is HTTP");
  const std::size_t handed_on = server().desk.handled - before;
  require(handed_on <= count_of(input, "POST"), "no request is made up");
  if (++inputs % 64 == 1) {
    require(talk(samples().front()).starts_with("HTTP/1.1 200"), "the next one is served");
  }
  return 0;
}

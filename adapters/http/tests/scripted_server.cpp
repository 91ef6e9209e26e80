#include "scripted_server.h"

#include <Poco/Exception.h>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>

namespace certbridge::http {
namespace {

const Poco::Timespan kLongest(kPatience.count(), 0);

std::size_t length_in(const std::string& head) {
  const std::string mark = "Content-Length: ";
  const auto at = head.find(mark);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + mark.size()));
}

// The peer's side has taken in that nothing more comes: only its acknowledgement leads to this
// state.
bool is_acknowledged(Poco::Net::StreamSocket& peer) {
  tcp_info info{};
  socklen_t size = sizeof info;
  const int told = getsockopt(peer.impl()->sockfd(), IPPROTO_TCP, TCP_INFO, &info, &size);
  return told != 0 || (info.tcpi_state != TCP_ESTABLISHED && info.tcpi_state != TCP_FIN_WAIT1 &&
                       info.tcpi_state != TCP_CLOSING && info.tcpi_state != TCP_LAST_ACK);
}

void say_goodbye(Poco::Net::StreamSocket& peer) {
  if (peer.secure()) return;  // says it by TLS
  peer.shutdownSend();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!is_acknowledged(peer) && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
}

}  // namespace

ScriptedServer::ScriptedServer(Script script)
    : ScriptedServer(Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0)),
                     std::move(script)) {}

ScriptedServer::ScriptedServer(Poco::Net::ServerSocket socket, Script script)
    : socket_(std::move(socket)), script_(std::move(script)), port_(socket_.address().port()) {
  thread_ = std::thread([this] { run(); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  thread_.join();
}

void ScriptedServer::run() {
  while (!stopping_) {
    try {
      if (!socket_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ)) continue;
      serve_one(socket_.acceptConnection());
    } catch (const Poco::Exception&) {
      continue;  // nobody there after all
    }
  }
}

void ScriptedServer::serve_one(Poco::Net::StreamSocket peer) {
  try {
    peer.setReceiveTimeout(kLongest);
    script_(peer, connections_++);
    say_goodbye(peer);
  } catch (const Poco::Exception&) {  // NOLINT(bugprone-empty-catch)
    // The client went away: its side of the test says whether that is right.
  }
  peer.close();
  ++closed_;
  closed_.notify_all();
}

void ScriptedServer::await_closed(int count) const {
  for (int seen = closed_; seen < count; seen = closed_) closed_.wait(seen);
}

std::string read_request(Poco::Net::StreamSocket& peer) {
  std::string request;
  std::array<char, 4096> buffer{};
  while (true) {
    const auto end = request.find("\r\n\r\n");
    if (end != std::string::npos && request.size() >= end + 4 + length_in(request.substr(0, end)))
      return request;
    const int count = peer.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) return {};
    request.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void write_bytes(Poco::Net::StreamSocket& peer, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    sent += static_cast<std::size_t>(
        peer.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
  }
}

std::string ok_answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string read_to_end(Poco::Net::StreamSocket& peer) {
  std::string text;
  std::array<char, 4096> buffer{};
  peer.setReceiveTimeout(kLongest);
  try {
    for (int count = 1; count > 0;) {
      count = peer.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
      if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    }
  } catch (const Poco::Exception&) {
    text += "(no end)";
  }
  return text;
}

}  // namespace certbridge::http

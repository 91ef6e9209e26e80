// A server whose every byte the test decides.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace certbridge::http {

// Far above what anything here ever takes; only a hang lasts so long.
inline constexpr std::chrono::seconds kPatience{60};

// Takes connections one after the other and plays the script with each.
class ScriptedServer {
 public:
  // `number` counts connections from 0.
  using Script = std::function<void(Poco::Net::StreamSocket& peer, int number)>;
  explicit ScriptedServer(Script script);
  // A listening socket of another kind, as a TLS one.
  ScriptedServer(Poco::Net::ServerSocket socket, Script script);
  ~ScriptedServer();
  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }
  // Returns once the script has left this many connections and their peers' sides of them know that
  // they are closed: only from then on can a client see it.
  void await_closed(int count) const;

 private:
  void run();
  void serve_one(Poco::Net::StreamSocket peer);
  Poco::Net::ServerSocket socket_;
  Script script_;
  std::uint16_t port_;
  std::atomic<int> connections_{0};
  std::atomic<int> closed_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_{};
};

// Reads a request with its body by Content-Length; empty when the peer is gone.
std::string read_request(Poco::Net::StreamSocket& peer);
void write_bytes(Poco::Net::StreamSocket& peer, const std::string& bytes);
// "HTTP/1.1 200 OK" with this body.
std::string ok_answer(const std::string& body);
// Reads until the peer closes; "(no end)" follows what came when it does not in time.
std::string read_to_end(Poco::Net::StreamSocket& peer);

}  // namespace certbridge::http

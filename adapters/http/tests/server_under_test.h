// The server as the host runs it, and what senders write to it, for tests over real sockets.
#pragma once

#include <gtest/gtest.h>

#include <csignal>

#include "certbridge/testing/fake_context.h"
#include "scripted_server.h"
#include "server.h"

namespace certbridge::http {

inline constexpr const char* kToken = "the-token";

inline std::string in_folder(const std::string& file) {
  return std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/" + file;
}
inline testing::Options options_with(testing::Options more) {
  testing::Options options{{"listen", "127.0.0.1:0"},
                           {"envelope", in_folder("tests/samples/envelope.xml")},
                           {"token", kToken},
                           {"verdict-path", "/verdicts"},
                           {"verdict-token", "v-token"}};
  for (auto& [name, value] : more) options[name] = value;
  return options;
}

class ServerUnderTest {
 public:
  explicit ServerUnderTest(const testing::Options& more) : ServerUnderTest(more, nullptr) {}
  ServerUnderTest(const testing::Options& more, Receiver* receiver)
      : context_(in_folder("plugin.xml"), "server", options_with(more)) {
    signal(SIGPIPE, SIG_IGN);  // as the host does
    auto made = make_server(context_);
    EXPECT_TRUE(made.ok()) << made.error().message;
    server_ = std::move(made).value();
    auto listening = server_->listen(receiver == nullptr ? receiver_ : *receiver);
    EXPECT_TRUE(listening.ok()) << listening.error().message;
  }
  ~ServerUnderTest() { server_->stop(); }
  std::uint16_t port() {
    for (const testing::LogEntry& entry : context_.logger().entries()) {
      if (entry.event == "http.listening")
        return static_cast<std::uint16_t>(std::stoi(entry.fields[1].second));
    }
    return 0;
  }
  Poco::Net::StreamSocket connect() {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port()));
    socket.setReceiveTimeout(Poco::Timespan(kPatience.count(), 0));
    return socket;
  }
  // Everything that comes back until the server closes.
  std::string talk(const std::string& bytes) {
    Poco::Net::StreamSocket socket = connect();
    write_bytes(socket, bytes);
    return read_to_end(socket);
  }
  testing::FakeReceiver& receiver() { return receiver_; }
  testing::FakeContext& context() { return context_; }
  Source& source() { return *server_; }

 private:
  testing::FakeReceiver receiver_{};
  testing::FakeContext context_;
  std::unique_ptr<Source> server_{};
};

inline std::string post(const std::string& path, const std::string& headers,
                        const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
inline std::string event(const std::string& body) {
  return post("/events",
              std::string("Connection: close\r\nAuthorization: Bearer ") + kToken + "\r\n", body);
}
inline std::string status_of(const std::string& answer) { return answer.substr(0, 12); }
// How many answers came.
inline std::size_t answers_in(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("HTTP/1.1 "); at != std::string::npos;
       at = text.find("HTTP/1.1 ", at + 1))
    ++count;
  return count;
}

inline const std::string kEvent =
    R"({"event_id":"e1","event_type":"SHANZHENG","case":{"no":"C-1"},"unit_no":"U-1","area_code":"411302","revision":3})";
inline const std::string kKnown = std::string("X-Api-Key: ") + kToken + "\r\n";

}  // namespace certbridge::http

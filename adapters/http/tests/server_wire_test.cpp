// The server's wire: framing that two could read differently, limits, times, TLS.
#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>

#include "server_under_test.h"
#include "test_certificates.h"

namespace certbridge::http {
namespace {

using Poco::Net::StreamSocket;
using testing::Options;

// Each tries to have its second part read as a request of its own.
TEST(Server, IsNotTalkedIntoReadingABodyAsARequest) {
  const std::string inner = event(kEvent);
  const std::string attacks[] = {
      post("/events", "", inner),  // answered 401 before the body
      post("/other", kKnown, inner),
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown +
          "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown +
          "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown +
          "Content-Length: 0\r\nContent-Length: 9\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown + "Transfer-Encoding: gzip\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown +
          "Transfer-Encoding: chunked, identity\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown + "Transfer-Encoding: xchunked\r\n\r\n" +
          inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown + "Transfer-Encoding : chunked\r\n\r\n" +
          inner,
      "POST /events HTTP/1.0\r\nHost: h\r\n" + kKnown +
          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + kKnown + "Content-Length: 0\r\n\r\n" +
          inner,
      "POST /events HTTP/1.1\r\n" + kKnown + "Content-Length: 0\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown + "Content-Length: -1\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown +
          "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + inner,
      "POST /events HTTP/1.1\nHost: h\n" + kKnown + "Content-Length: 0\n\n" + inner,
      "\x16\x03\x01" + inner,
  };
  ServerUnderTest server({});
  for (const std::string& attack : attacks) {
    const std::string answer = server.talk(attack);
    EXPECT_LE(answers_in(answer), 1u) << attack.substr(0, 160);
    EXPECT_EQ(answer.find("HTTP/1.1 202"), std::string::npos) << attack.substr(0, 160);
    EXPECT_EQ(answer.find("(no end)"), std::string::npos) << attack.substr(0, 160);
  }
  EXPECT_TRUE(server.receiver().accepted().empty());
}

TEST(Server, ServesManyRequestsOnAConnectionAlsoInOnePacket) {
  ServerUnderTest server({});
  const std::string chunked = "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown +
                              "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  const std::string answer = server.talk(post("/events", kKnown, kEvent) + chunked + event("[]"));
  EXPECT_EQ(answers_in(answer), 3u) << answer;
  EXPECT_EQ(server.receiver().accepted().size(), 3u);
}

// What an early answer says of its length is what it sends.
TEST(Server, AnswersHeadWithoutABody) {
  ServerUnderTest server({});
  const std::string answer = server.talk("HEAD /events HTTP/1.1\r\nHost: h\r\n" + kKnown + "\r\n");
  EXPECT_EQ(status_of(answer), "HTTP/1.1 405");
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST(Server, HasLimits) {
  ServerUnderTest server(Options{{"max-body", "1kB"}, {"max-header", "2kB"}});
  EXPECT_EQ(status_of(server.talk(post("/events", kKnown, std::string(1500, ' ')))),
            "HTTP/1.1 413");
  EXPECT_EQ(status_of(server.talk("POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown +
                                  "Transfer-Encoding: chunked\r\n\r\n7D0\r\n" +
                                  std::string(2000, ' ') + "\r\n0\r\n\r\n")),
            "HTTP/1.1 413");
  EXPECT_NE(
      server.talk(post("/events", kKnown, std::string(1500, ' '))).find("above the limit of "),
      std::string::npos);
  EXPECT_EQ(
      status_of(server.talk(post("/events", kKnown + "X: " + std::string(3000, 'a') + "\r\n", ""))),
      "HTTP/1.1 431");
  EXPECT_TRUE(server.receiver().accepted().empty());
}

// Each phase has its time; what is not tried out is far above the patience of the test.
TEST(Server, DoesNotWaitForEver) {
  const std::pair<const char*, std::string> cases[] = {
      {"idle", ""},
      {"header-timeout", "POST /ev"},
      {"body-timeout",
       "POST /events HTTP/1.1\r\nHost: h\r\n" + kKnown + "Content-Length: 9\r\n\r\nabc"}};
  for (const auto& [phase, part] : cases) {
    Options options{{"header-timeout", "1h"}, {"body-timeout", "1h"}, {"idle", "1h"}};
    options[phase] = "100ms";
    ServerUnderTest server(options);
    EXPECT_EQ(server.talk(part), "") << phase;
  }
}

TEST(ServerTls, AHandshakeThatDoesNotComeIsNotWaitedFor) {
  const TestCertificates& files = test_certificates();
  ServerUnderTest server({{"certificate", files.file("server.pem")},
                          {"key", files.file("server.key")},
                          {"header-timeout", "100ms"},
                          {"body-timeout", "1h"},
                          {"idle", "1h"}});
  EXPECT_EQ(server.talk(""), "");
}

TEST(Server, HasRoomForSoManyConnections) {
  ServerUnderTest server(Options{{"max-connections", "1"}});
  StreamSocket first = server.connect();
  write_bytes(first, post("/events", kKnown, kEvent));
  ASSERT_TRUE(server.receiver().wait_for(1, kPatience));
  EXPECT_EQ(server.talk("").find("HTTP"), std::string::npos);
}

TEST(Server, StopsWithConnectionsOpen) {
  auto server = std::make_unique<ServerUnderTest>(
      Options{{"header-timeout", "1h"}, {"body-timeout", "1h"}, {"idle", "1h"}});
  std::vector<StreamSocket> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(server->connect());
  write_bytes(idle[0], "POST /ev");
  server.reset();  // does not wait for them
}

TEST(ServerTls, AsksForAClientCertificate) {
  const TestCertificates& files = test_certificates();
  ServerUnderTest server({{"certificate", files.file("server.pem")},
                          {"key", files.file("server.key")},
                          {"client-ca", files.file("ca.pem")}});
  using Poco::Net::Context;
  const auto talk = [&](bool known) {
    Context::Ptr context(
        new Context(Context::TLS_CLIENT_USE, files.file("ca.pem"), Context::VERIFY_STRICT));
    if (known) {
      context->useCertificate(Poco::Crypto::X509Certificate(files.file("client.pem")));
      context->usePrivateKey(Poco::Crypto::EVPPKey("", files.file("client.key"), kKeyPassphrase));
    }
    try {
      Poco::Net::SecureStreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", server.port()),
                                           "localhost", context);
      write_bytes(socket, event(kEvent));
      return status_of(read_to_end(socket));
    } catch (const Poco::Exception&) {
      return std::string("refused");
    }
  };
  EXPECT_EQ(talk(true), "HTTP/1.1 202");
  EXPECT_NE(talk(false), "HTTP/1.1 202");
  EXPECT_EQ(server.receiver().accepted().size(), 1u);
}

}  // namespace
}  // namespace certbridge::http

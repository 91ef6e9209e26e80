// The server over real sockets: verdicts of the receiver, what is parked, smuggling, limits, TLS.
#include "server.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <gtest/gtest.h>

#include <csignal>
#include <future>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "scripted_server.h"
#include "test_certificates.h"

namespace certbridge::http {
namespace {

using namespace std::chrono_literals;
using Poco::Net::StreamSocket;
using testing::Options;

const std::string kManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/plugin.xml";
const std::string kEnvelope =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/tests/samples/envelope.xml";
constexpr const char* kToken = "the-token";

Options options_with(Options more) {
  Options options{{"listen", "127.0.0.1:0"},
                  {"envelope", kEnvelope},
                  {"token", kToken},
                  {"verdict-path", "/verdicts"},
                  {"verdict-token", "v-token"}};
  for (auto& [name, value] : more) options[name] = value;
  return options;
}

class ServerUnderTest {
 public:
  explicit ServerUnderTest(const Options& more) : ServerUnderTest(more, nullptr) {}
  ServerUnderTest(const Options& more, Receiver* receiver)
      : context_(kManifest, "server", options_with(more)) {
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
  StreamSocket connect() {
    StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port()));
    socket.setReceiveTimeout(Poco::Timespan(5, 0));
    return socket;
  }
  // Everything that comes back until the server closes.
  std::string talk(const std::string& bytes) {
    StreamSocket socket = connect();
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

std::string post(const std::string& path, const std::string& headers, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string event(const std::string& body) {
  return post("/events",
              std::string("Connection: close\r\nAuthorization: Bearer ") + kToken + "\r\n", body);
}
std::string status_of(const std::string& answer) { return answer.substr(0, 12); }
std::size_t answers_in(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("HTTP/1.1 "); at != std::string::npos;
       at = text.find("HTTP/1.1 ", at + 1))
    ++count;
  return count;
}

const std::string kEvent =
    R"({"event_id":"e1","event_type":"SHANZHENG","case":{"no":"C-1"},"unit_no":"U-1","area_code":"411302","revision":3})";

TEST(Server, HandsOverTheEnvelope) {
  ServerUnderTest server({});
  const std::string answer = server.talk(event(kEvent));
  EXPECT_EQ(status_of(answer), "HTTP/1.1 202") << answer;
  EXPECT_NE(answer.find("{\"id\":\""), std::string::npos);
  const auto taken = server.receiver().accepted();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].type, "registration.event");
  EXPECT_EQ(taken[0].source_key, "e1");
  EXPECT_EQ(taken[0].area, "411302");
  EXPECT_EQ(taken[0].headers.at("event-type"), "SHANZHENG");
  EXPECT_EQ(taken[0].headers.at("revision"), "3");
  const std::vector<OrderKey> keys{{"case", "C-1"}, {"unit", "U-1"}};
  EXPECT_EQ(taken[0].order_keys, keys);
  EXPECT_FALSE(taken[0].classified);
  EXPECT_EQ(testing::body_of(taken[0]), kEvent);
  EXPECT_EQ(taken[0].media_type, "application/json");
}

TEST(Server, AnswersWhatTheReceiverSays) {
  struct Case {
    Acceptance acceptance;
    const char* status;
    const char* holds;
  };
  const Case cases[] = {
      {{Acceptance::Verdict::kSame, "m1", "", "", {}}, "HTTP/1.1 200", "m1"},
      {{Acceptance::Verdict::kConflict, "m1", "", "", {}}, "HTTP/1.1 409", "http.conflict"},
      {{Acceptance::Verdict::kRefused, "m1", "c.d", "why \"so\"", {}},
       "HTTP/1.1 422",
       R"(why \"so\")"},
      {{Acceptance::Verdict::kBusy, "", "", "", 2500ms}, "HTTP/1.1 503", "Retry-After: 3"}};
  ServerUnderTest server({});
  for (const Case& c : cases) {
    server.receiver().will_answer(c.acceptance);
    const std::string answer = server.talk(event(kEvent));
    EXPECT_EQ(status_of(answer), c.status) << answer;
    EXPECT_NE(answer.find(c.holds), std::string::npos) << answer;
  }
}

TEST(Server, KeepsWhatItCannotReadAsParked) {
  struct Case {
    std::string body;
    const char* code;
    const char* names;
  };
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  const Case cases[] = {
      {"", "http.json", "body"},
      {"{\"event_id\":", "http.json", "byte"},
      {"[]", "http.json", "object"},
      {deep, "http.json", "body"},
      {kEvent + "x", "http.json", "byte"},
      {"{\"event_id\":\"\xd6\xd0\xce\xc4\"}", "http.encoding", "UTF-8"},
      {R"({"event_type":"BANJIE","case":{"no":"C-1"}})", "http.field", "event_id"},
      {R"({"event_id":"e2","event_type":"BANJIE","case":{"no":["C"]}})", "http.field",
       "case/no: must be a text"},
      {R"({"event_id":"e3","event_type":"BANJIE","case":"C"})", "http.field", "case/no"},
      {R"({"event_id":"e4","event_type":"B\nX","case":{"no":"C"}})", "http.field", "event_type"},
      {R"({"event_id":")" + std::string(600, 'x') + R"(","event_type":"B","case":{"no":"C"}})",
       "http.field", "512"}};
  ServerUnderTest server({});
  std::size_t count = 0;
  for (const Case& c : cases) {
    server.talk(event(c.body));
    const auto taken = server.receiver().accepted();
    ASSERT_EQ(taken.size(), ++count) << c.body.substr(0, 40);
    const Headers& headers = taken.back().headers;
    ASSERT_TRUE(headers.contains("intake-error-code")) << c.body.substr(0, 40);
    EXPECT_EQ(headers.at("intake-error-code"), c.code) << c.body.substr(0, 40);
    EXPECT_NE(headers.at("intake-error").find(c.names), std::string::npos)
        << headers.at("intake-error");
    EXPECT_FALSE(taken.back().source_key.empty());
    EXPECT_EQ(testing::body_of(taken.back()), c.body);
  }
}

TEST(Server, SeesTheClassifiedMark) {
  ServerUnderTest server({});
  int number = 0;
  const auto is_classified = [&](const std::string& mark) {
    server.talk(event(R"({"event_id":"k)" + std::to_string(number++) +
                      R"(","event_type":"B","case":{"no":"C"},"classified":)" + mark + "}"));
    return server.receiver().accepted().back().classified;
  };
  for (const char* mark : {"true", "1", "\"Y\"", "\"是\""})
    EXPECT_TRUE(is_classified(mark)) << mark;
  for (const char* mark : {"false", "0", "\"否\"", "null", "\"\""}) {
    EXPECT_FALSE(is_classified(mark)) << mark;
  }
}

TEST(Server, KnowsItsSenders) {
  ServerUnderTest server({});
  for (const char* header :
       {"", "Authorization: Bearer the-tokem\r\n", "Authorization: Bearer \r\n",
        "Authorization: the-token\r\n", "X-Api-Key: the-token2\r\n"}) {
    EXPECT_EQ(status_of(server.talk(post("/events", header, kEvent))), "HTTP/1.1 401") << header;
  }
  EXPECT_EQ(status_of(server.talk(
                post("/events", "Connection: close\r\nX-Api-Key: the-token\r\n", kEvent))),
            "HTTP/1.1 202");
  EXPECT_EQ(
      status_of(server.talk("GET /events HTTP/1.1\r\nHost: h\r\nX-Api-Key: the-token\r\n\r\n")),
      "HTTP/1.1 405");
  EXPECT_EQ(status_of(server.talk(post("/other", "", ""))), "HTTP/1.1 404");
  EXPECT_EQ(status_of(server.talk(post("/verdicts/wrong", "", "{}"))), "HTTP/1.1 401");
  EXPECT_EQ(status_of(server.talk(post("/verdicts", "X-Api-Key: the-token\r\n", "{}"))),
            "HTTP/1.1 401");
  EXPECT_EQ(server.receiver().accepted().size(), 1u);
  EXPECT_EQ(server.context().logger().all_text().find(kToken), std::string::npos);
}

// Each tries to have its second part read as a request of its own.
TEST(Server, IsNotTalkedIntoReadingABodyAsARequest) {
  const std::string inner = event(kEvent);
  const std::string known = std::string("X-Api-Key: ") + kToken + "\r\n";
  const std::string attacks[] = {
      post("/events", "", inner),  // answered 401 before the body
      post("/other", known, inner),
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known +
          "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known +
          "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known +
          "Content-Length: 0\r\nContent-Length: 9\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known + "Transfer-Encoding: gzip\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known +
          "Transfer-Encoding: chunked, identity\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known + "Transfer-Encoding: xchunked\r\n\r\n" +
          inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known + "Transfer-Encoding : chunked\r\n\r\n" +
          inner,
      "POST /events HTTP/1.0\r\nHost: h\r\n" + known +
          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + known + "Content-Length: 0\r\n\r\n" +
          inner,
      "POST /events HTTP/1.1\r\n" + known + "Content-Length: 0\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known + "Content-Length: -1\r\n\r\n" + inner,
      "POST /events HTTP/1.1\r\nHost: h\r\n" + known +
          "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + inner,
      "POST /events HTTP/1.1\nHost: h\n" + known + "Content-Length: 0\n\n" + inner,
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
  const std::string known = std::string("X-Api-Key: ") + kToken + "\r\n";
  const std::string chunked = "POST /events HTTP/1.1\r\nHost: h\r\n" + known +
                              "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  const std::string answer = server.talk(post("/events", known, kEvent) + chunked + event("[]"));
  EXPECT_EQ(answers_in(answer), 3u) << answer;
  EXPECT_EQ(server.receiver().accepted().size(), 3u);
}

TEST(Server, HasLimits) {
  ServerUnderTest server(Options{{"max-body", "1kB"}, {"max-header", "2kB"}});
  const std::string known = std::string("X-Api-Key: ") + kToken + "\r\n";
  EXPECT_EQ(status_of(server.talk(post("/events", known, std::string(1500, ' ')))), "HTTP/1.1 413");
  EXPECT_EQ(status_of(server.talk("POST /events HTTP/1.1\r\nHost: h\r\n" + known +
                                  "Transfer-Encoding: chunked\r\n\r\n7D0\r\n" +
                                  std::string(2000, ' ') + "\r\n0\r\n\r\n")),
            "HTTP/1.1 413");
  EXPECT_EQ(
      status_of(server.talk(post("/events", known + "X: " + std::string(3000, 'a') + "\r\n", ""))),
      "HTTP/1.1 431");
  EXPECT_TRUE(server.receiver().accepted().empty());
}

TEST(Server, DoesNotWaitForEver) {
  ServerUnderTest server(
      {{"header-timeout", "100ms"}, {"body-timeout", "100ms"}, {"idle", "100ms"}});
  const std::string known = std::string("X-Api-Key: ") + kToken + "\r\n";
  for (const std::string& part :
       {std::string(), std::string("POST /ev"),
        "POST /events HTTP/1.1\r\nHost: h\r\n" + known + "Content-Length: 9\r\n\r\nabc"}) {
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(server.talk(part), "") << part;
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
  }
}

TEST(Server, HasRoomForSoManyConnections) {
  ServerUnderTest server(Options{{"max-connections", "1"}});
  StreamSocket first = server.connect();
  const std::string known = std::string("X-Api-Key: ") + kToken + "\r\n";
  write_bytes(first, post("/events", known, kEvent));
  ASSERT_TRUE(server.receiver().wait_for(1, 5s));
  EXPECT_EQ(server.talk("").find("HTTP"), std::string::npos);
}

// Holds the first batch until it is told to go on.
class SlowReceiver final : public Receiver {
 public:
  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    batches_.push_back(messages.size());
    if (batches_.size() == 1) {
      entered_.set_value();
      go_on_.get_future().wait_for(10s);
    }
    return std::vector<Acceptance>(messages.size(),
                                   {Acceptance::Verdict::kAccepted, "m", "", "", {}});
  }
  Result<void> settle(const Correlation&, const Outcome&) override {
    return Error::retryable("journal.busy", "not now");
  }
  std::promise<void> entered_{};
  std::promise<void> go_on_{};
  std::vector<std::size_t> batches_{};
};

TEST(Server, CollectsWhatArrivesDuringACommitAndIsBusyBeyondItsQueue) {
  SlowReceiver receiver;
  ServerUnderTest server({{"queue", "8"}}, &receiver);
  std::vector<StreamSocket> senders;
  senders.push_back(server.connect());
  write_bytes(senders[0], event(kEvent));
  receiver.entered_.get_future().wait_for(5s);
  for (int i = 0; i < 8; ++i) {
    senders.push_back(server.connect());
    write_bytes(senders.back(), event(kEvent));
  }
  // The queue fills as the loop reads; the first to find it full is told so.
  std::string answer = "HTTP/1.1 202";
  StreamSocket late = server.connect();
  write_bytes(late, event(kEvent));
  auto late_answer = std::async(std::launch::async, [&] { return read_to_end(late); });
  const bool told = late_answer.wait_for(4s) == std::future_status::ready;
  receiver.go_on_.set_value();
  EXPECT_TRUE(told);
  EXPECT_EQ(status_of(late_answer.get()), "HTTP/1.1 503");
  for (StreamSocket& sender : senders) EXPECT_EQ(status_of(read_to_end(sender)), "HTTP/1.1 202");
  ASSERT_EQ(receiver.batches_.size(), 2u);
  EXPECT_EQ(receiver.batches_[1], 8u);
}

TEST(Server, SettlesVerdicts) {
  ServerUnderTest server({});
  const auto verdict = [&](const std::string& body) {
    return server.talk(post("/verdicts/v-token", "Connection: close\r\n", body));
  };
  EXPECT_EQ(
      status_of(verdict(
          R"({"receiptno":"r1","certificateidentifier":"1.2","code":"0000","text":"入库成功"})")),
      "HTTP/1.1 200");
  EXPECT_EQ(status_of(verdict(R"({"receiptno":"r2","code":2007,"text":"no"})")), "HTTP/1.1 200");
  const std::string refused = verdict(R"({"code":"0000"})");
  EXPECT_EQ(status_of(refused), "HTTP/1.1 422");
  EXPECT_NE(refused.find("receiptno"), std::string::npos);
  const auto settled = server.receiver().settled();
  ASSERT_EQ(settled.size(), 2u);
  EXPECT_EQ(settled[0].first.endpoint, "library");
  EXPECT_EQ(settled[0].first.value, "r1");
  EXPECT_EQ(settled[0].second.verdict, Outcome::Verdict::kAccepted);
  EXPECT_EQ(settled[0].second.remote_id, "1.2");
  EXPECT_EQ(settled[1].second.verdict, Outcome::Verdict::kRejected);
  EXPECT_EQ(settled[1].second.code, "2007");
  EXPECT_TRUE(server.receiver().accepted().empty());
  SlowReceiver busy;
  ServerUnderTest waiting({}, &busy);
  const std::string later = waiting.talk(
      post("/verdicts/v-token", "Connection: close\r\n", R"({"receiptno":"r1","code":"0000"})"));
  EXPECT_EQ(status_of(later), "HTTP/1.1 503") << "what is not durable is not acknowledged";
}

TEST(Server, StopsWithConnectionsOpen) {
  auto server = std::make_unique<ServerUnderTest>(Options{});
  std::vector<StreamSocket> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(server->connect());
  write_bytes(idle[0], "POST /ev");
  const auto began = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
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

TEST(Server, RefusesOptionsThatDoNotGoTogether) {
  const auto code_of = [](const Options& options) {
    testing::FakeContext context(kManifest, "server", options);
    auto made = make_server(context);
    return made ? std::string("made") : made.error().code;
  };
  Options options = options_with({});
  EXPECT_EQ(code_of(options), "made");
  options.erase("token");
  EXPECT_EQ(code_of(options), "http.option") << "senders of events would be unknown";
  options = options_with({{"listen", "127.0.0.1"}});
  EXPECT_EQ(code_of(options), "http.option");
  options = options_with({{"client-ca", test_certificates().file("ca.pem")}});
  EXPECT_EQ(code_of(options), "http.option") << "client certificates need TLS";
  options = options_with({});
  options.erase("verdict-path");
  EXPECT_EQ(code_of(options), "http.option");
  options = options_with({{"envelope", kManifest}});
  EXPECT_EQ(code_of(options), "http.envelope");
}

}  // namespace
}  // namespace certbridge::http

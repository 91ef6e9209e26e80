// The client over real sockets: every phase fails once, and every limit is met.
#include "client.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/SecureServerSocket.h>
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

Message request_of(const std::string& method, const std::string& path, const std::string& body) {
  Message question =
      testing::message_of("http.request", body.empty() ? "" : "application/json", body);
  question.headers = {{"http-method", method}, {"http-path", path}};
  return question;
}

class ClientUnderTest {
 public:
  explicit ClientUnderTest(Options options) : context_(kManifest, "client", std::move(options)) {
    signal(SIGPIPE, SIG_IGN);  // as the host does
    auto made = make_client(context_);
    EXPECT_TRUE(made.ok()) << made.error().message;
    client_ = std::move(made).value();
    started_ = client_->start();
  }
  ~ClientUnderTest() { client_->stop(); }
  Result<Message> ask(const Message& question) {
    return ask(question, testing::call_of("step", 10s));
  }
  Result<Message> ask(const Message& question, const Call& call) {
    auto answer = client_->answer(question, call);
    if (!answer) context_.expect_declared(answer.error());
    return answer;
  }
  std::string code_of(const Message& question) {
    auto answer = ask(question);
    return answer ? "answered " + answer.value().headers["http-status"] : answer.error().code;
  }
  Responder& responder() { return *client_; }
  const Result<void>& started() const { return started_; }
  testing::FakeContext& context() { return context_; }

 private:
  testing::FakeContext context_;
  std::unique_ptr<Responder> client_{};
  Result<void> started_{};
};

TEST(Client, SendsWhatItWasGivenAndHandsBackAnyStatus) {
  std::string seen;
  ScriptedServer server([&](StreamSocket& peer, int) {
    seen = read_request(peer);
    write_bytes(
        peer,
        "HTTP/1.1 503 Busy\r\nContent-Type: text/plain\r\nRetry-After: 7\r\nX-A: 1\r\nX-A: 2\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  });
  ClientUnderTest client({{"base-url", server.url() + "/base/"}});
  Message question = request_of("POST", "/call?x=%20", "{\"a\":1}");
  question.headers["http-header-x-trace"] = "t1";
  const auto answer = client.ask(question);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer.value().headers.at("http-status"), "503");
  EXPECT_EQ(answer.value().headers.at("http-header-retry-after"), "7");
  EXPECT_EQ(answer.value().headers.at("http-retry-after-ms"), "7000");
  EXPECT_EQ(answer.value().headers.at("http-header-x-a"), "1, 2");
  EXPECT_EQ(answer.value().media_type, "text/plain");
  EXPECT_EQ(testing::body_of(answer.value()), "abcde");
  EXPECT_TRUE(seen.starts_with("POST /base/call?x=%20 HTTP/1.1\r\nHost: 127.0.0.1:")) << seen;
  EXPECT_NE(seen.find("x-trace: t1\r\n"), std::string::npos);
  EXPECT_NE(seen.find("content-type: application/json\r\n"), std::string::npos);
  EXPECT_TRUE(seen.ends_with("Content-Length: 7\r\n\r\n{\"a\":1}")) << seen;
}

TEST(Client, KeepsConnectionsAndNoticesThatOneWasClosed) {
  ScriptedServer server([](StreamSocket& peer, int number) {
    for (int i = 0; i < (number == 0 ? 2 : 1); ++i) {
      if (read_request(peer).empty()) return;
      write_bytes(peer, ok_answer("x"));
    }
  });
  ClientUnderTest client({{"base-url", server.url()}});
  EXPECT_EQ(client.code_of(request_of("POST", "/", "a")), "answered 200");
  EXPECT_EQ(client.code_of(request_of("POST", "/", "b")), "answered 200");
  EXPECT_EQ(server.connections(), 1);
  server.await_closed(1);
  EXPECT_EQ(client.code_of(request_of("POST", "/", "c")), "answered 200");
  EXPECT_EQ(server.connections(), 2);
}

// The server takes the second request on a kept connection and closes without an answer.
TEST(Client, NeverSendsAPostTwice) {
  std::atomic<int> requests{0};
  ScriptedServer server([&](StreamSocket& peer, int) {
    read_request(peer);
    ++requests;
    write_bytes(peer, ok_answer("x"));
    if (!read_request(peer).empty()) ++requests;
  });
  ClientUnderTest client({{"base-url", server.url()}});
  EXPECT_EQ(client.code_of(request_of("POST", "/", "a")), "answered 200");
  EXPECT_EQ(client.code_of(request_of("POST", "/", "b")), "http.closed");
  EXPECT_EQ(requests, 2);
  EXPECT_EQ(server.connections(), 1);
}

TEST(Client, AsksAgainForAGetOnALostConnection) {
  ScriptedServer server([](StreamSocket& peer, int) {
    read_request(peer);
    write_bytes(peer, ok_answer("x"));
    read_request(peer);
  });
  ClientUnderTest client({{"base-url", server.url()}});
  EXPECT_EQ(client.code_of(request_of("GET", "/", "")), "answered 200");
  EXPECT_EQ(client.code_of(request_of("GET", "/", "")), "answered 200");
  EXPECT_EQ(server.connections(), 2);
}

TEST(Client, ClassifiesBrokenAnswers) {
  struct Case {
    const char* answer;
    const char* code;
  };
  const std::string many(40'000, 'a');
  const std::string long_head = "HTTP/1.1 200 OK\r\nX: " + many + "\r\n\r\n";
  const std::string long_body = "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + many;
  const std::string long_chunk =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9C40\r\n" + many;
  for (const Case& c : {
           Case{"", "http.closed"},
           Case{"HTTP/1.1 200", "http.closed"},
           Case{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "http.closed"},
           Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "http.closed"},
           Case{"garbage\r\n\r\n", "http.malformed"},
           Case{"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "http.malformed"},
           Case{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "http.malformed"},
           Case{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: "
                "chunked\r\n\r\n0\r\n\r\n",
                "http.malformed"},
           Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", "http.malformed"},
           Case{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc", "http.malformed"},
           Case{long_head.c_str(), "http.too_large"},
           Case{long_body.c_str(), "http.too_large"},
           Case{long_chunk.c_str(), "http.too_large"},
           Case{"HTTP/1.1 200 OK\r\n\r\nuntil the end", "answered 200"},
           Case{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n",
                "answered 201"},
           Case{"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
                "answered 302"},
       }) {
    ScriptedServer server([&](StreamSocket& peer, int) {
      read_request(peer);
      write_bytes(peer, c.answer);
      peer.shutdownSend();
    });
    ClientUnderTest client(
        {{"base-url", server.url()}, {"max-header", "16kB"}, {"max-response", "20kB"}});
    EXPECT_EQ(client.code_of(request_of("POST", "/", "a")), c.code)
        << std::string(c.answer).substr(0, 80);
  }
}

TEST(Client, ABrokenAnswerMayHaveSaidWhenToComeBack) {
  ScriptedServer server([](StreamSocket& peer, int) {
    read_request(peer);
    write_bytes(peer,
                "HTTP/1.1 503 Busy\r\nRetry-After: Tue, 24 Nov 2026 00:01:00 "
                "GMT\r\nContent-Length: 9\r\n\r\nab");
    peer.shutdownSend();
  });
  ClientUnderTest client({{"base-url", server.url()}});
  const auto answer = client.ask(request_of("POST", "/", "a"));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "http.closed");
  EXPECT_EQ(answer.error().retry_after, 60s);
}

TEST(Client, EveryPhaseHasItsTime) {
  std::promise<void> done;
  auto until_done = done.get_future().share();
  ScriptedServer server([&](StreamSocket& peer, int number) {
    if (number == 0) peer.setReceiveBufferSize(4096);
    if (number >= 1) read_request(peer);
    if (number == 2) write_bytes(peer, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
    until_done.wait_for(2s);
  });
  const std::string large(20'000'000, 'x');
  const auto expect_timeout = [&](Options options, const Message& question, const Call& call,
                                  const char* phase) {
    options["base-url"] = server.url();
    ClientUnderTest client(std::move(options));
    const auto answer = client.ask(question, call);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, "http.timeout");
    EXPECT_NE(answer.error().message.find(phase), std::string::npos) << answer.error().message;
  };
  // Each connection is served after the one before: the script's wait holds the later ones back,
  // so all but the first are seen as not answered.
  expect_timeout({{"send-timeout", "100ms"}}, request_of("POST", "/", large),
                 testing::call_of("s", 5s), "sending");
  expect_timeout({{"first-byte-timeout", "100ms"}}, request_of("POST", "/", "a"),
                 testing::call_of("s", 5s), "waiting");
  expect_timeout({{"timeout", "150ms"}}, request_of("POST", "/", "a"), testing::call_of("s", 5s),
                 "waiting");
  expect_timeout({}, request_of("POST", "/", "a"), testing::call_of("s", 150ms), "waiting");
  done.set_value();
}

TEST(Client, AnAnswerThatTricklesEndsAtTheDeadline) {
  ScriptedServer server([](StreamSocket& peer, int) {
    read_request(peer);
    write_bytes(peer, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    // Until the client has gone: writing fails then.
    for (int i = 0; i < 1000; ++i) {
      write_bytes(peer, "x");
      peer.poll(Poco::Timespan(0, 5000), Poco::Net::Socket::SELECT_READ);
    }
  });
  ClientUnderTest client({{"base-url", server.url()}, {"first-byte-timeout", "5s"}});
  const auto began = std::chrono::steady_clock::now();
  const auto answer = client.ask(request_of("GET", "/", ""), testing::call_of("s", 300ms));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "http.timeout");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
}

TEST(Client, AStopIsHeard) {
  std::stop_source stop;
  ScriptedServer server([&](StreamSocket& peer, int) {
    read_request(peer);
    stop.request_stop();
    read_request(peer);
  });
  ClientUnderTest client({{"base-url", server.url()}});
  Call call = testing::call_of("s", 30s);
  call.stop = stop.get_token();
  const auto answer = client.ask(request_of("POST", "/", "a"), call);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "http.cancelled");
}

TEST(Client, NobodyThere) {
  std::uint16_t free_port = 0;
  {
    Poco::Net::ServerSocket taken(Poco::Net::SocketAddress("127.0.0.1", 0));
    free_port = taken.address().port();
  }
  ClientUnderTest refused({{"base-url", "http://127.0.0.1:" + std::to_string(free_port)}});
  EXPECT_EQ(refused.code_of(request_of("GET", "/", "")), "http.refused");
  EXPECT_EQ(refused.responder().check(testing::call_of("s", 5s)).error().code, "http.refused");
  ClientUnderTest nameless(Options{{"base-url", "http://no-such-host.invalid"}});
  EXPECT_EQ(nameless.code_of(request_of("GET", "/", "")), "http.resolve");
}

TEST(Client, NoMoreConnectionsThanAllowed) {
  std::promise<void> arrived;
  std::promise<void> go_on;
  ScriptedServer server([&](StreamSocket& peer, int) {
    read_request(peer);
    arrived.set_value();
    go_on.get_future().wait_for(5s);
    write_bytes(peer, ok_answer("x"));
  });
  ClientUnderTest client(
      {{"base-url", server.url()}, {"connections", "1"}, {"connect-timeout", "150ms"}});
  auto first =
      std::async(std::launch::async, [&] { return client.code_of(request_of("POST", "/", "a")); });
  arrived.get_future().wait_for(5s);
  EXPECT_EQ(client.code_of(request_of("POST", "/", "b")), "http.busy");
  go_on.set_value();
  EXPECT_EQ(first.get(), "answered 200");
}

TEST(Client, RefusesWhatIsNoRequest) {
  ScriptedServer server([](StreamSocket&, int) {});
  ClientUnderTest client({{"base-url", server.url()}, {"max-request", "10B"}});
  EXPECT_EQ(client.code_of(request_of("BREW", "/", "")), "http.request");
  for (const char* path : {"", "x", "//other/", "/a b", "/a\r\nX: 1", "/../x", "/a/%2e%2e/x",
                           "/a#b", "/\xe4\xb8\xad"}) {
    EXPECT_EQ(client.code_of(request_of("GET", path, "")), "http.request") << path;
  }
  EXPECT_EQ(client.code_of(request_of("POST", "/", "12345678901")), "http.too_large");
  for (const char* name : {"host", "content-length", "transfer-encoding", "a b"}) {
    Message question = request_of("GET", "/", "");
    question.headers[std::string("http-header-") + name] = "1";
    EXPECT_EQ(client.code_of(question), "http.request") << name;
  }
  Message split = request_of("GET", "/", "");
  split.headers["http-header-x"] = "1\r\nY: 2";
  EXPECT_EQ(client.code_of(split), "http.request");
  EXPECT_EQ(server.connections(), 0);
}

TEST(Client, RefusesAddresses) {
  for (const char* url : {"ftp://a", "http://", "http://a:0", "http://a:70000", "http://u@a",
                          "http://a?b", "http://[::1"}) {
    testing::FakeContext context(kManifest, "client", {{"base-url", url}});
    const auto made = make_client(context);
    ASSERT_FALSE(made.ok()) << url;
    EXPECT_EQ(made.error().code, "http.base_url") << url;
  }
}

// --- TLS

ScriptedServer::Script one_answer() {
  return [](StreamSocket& peer, int) {
    if (!read_request(peer).empty()) write_bytes(peer, ok_answer("secret"));
  };
}

Poco::Net::ServerSocket tls_socket(const std::string& name, bool ask_client) {
  const TestCertificates& files = test_certificates();
  using Poco::Net::Context;
  Context::Ptr context(new Context(Context::TLS_SERVER_USE, files.file(name + ".key"),
                                   files.file(name + ".pem"), files.file("ca.pem"),
                                   ask_client ? Context::VERIFY_STRICT : Context::VERIFY_NONE));
  // A client is known by its authority, not by the name of its machine.
  context->enableExtendedCertificateVerification(false);
  return Poco::Net::SecureServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0), 8, context);
}

Options tls_options(const ScriptedServer& server, const std::string& ca) {
  return {{"base-url", "https://localhost:" + std::to_string(server.port())},
          {"ca-file", test_certificates().file(ca)}};
}

TEST(ClientTls, TalksToTheRightServerAndKeepsTheConnection) {
  ScriptedServer server(tls_socket("server", false), [](StreamSocket& peer, int) {
    while (!read_request(peer).empty()) write_bytes(peer, ok_answer("secret"));
  });
  ClientUnderTest client(tls_options(server, "ca.pem"));
  const auto answer = client.ask(request_of("POST", "/", "a"));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(testing::body_of(answer.value()), "secret");
  EXPECT_EQ(client.code_of(request_of("POST", "/", "b")), "answered 200");
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientTls, RefusesAStrangersCertificateAndAnotherName) {
  ScriptedServer server(tls_socket("server", false), one_answer());
  ClientUnderTest stranger(tls_options(server, "stranger.pem"));
  EXPECT_EQ(stranger.code_of(request_of("POST", "/", "a")), "http.tls");
  ScriptedServer elsewhere(tls_socket("elsewhere", false), one_answer());
  ClientUnderTest other_name(tls_options(elsewhere, "ca.pem"));
  EXPECT_EQ(other_name.code_of(request_of("POST", "/", "a")), "http.tls");
}

TEST(ClientTls, ShowsItsCertificate) {
  ScriptedServer server(tls_socket("server", true), one_answer());
  Options options = tls_options(server, "ca.pem");
  ClientUnderTest anonymous(options);
  EXPECT_NE(anonymous.code_of(request_of("POST", "/", "a")), "answered 200");
  options["client-certificate"] = test_certificates().file("client.pem");
  options["client-key"] = test_certificates().file("client.key");
  options["client-key-passphrase"] = kKeyPassphrase;
  ClientUnderTest known(options);
  EXPECT_EQ(known.code_of(request_of("POST", "/", "a")), "answered 200");
  options["client-key-passphrase"] = "wrong";
  ClientUnderTest locked_out(options);
  ASSERT_FALSE(locked_out.started().ok());
  EXPECT_EQ(locked_out.started().error().code, "http.tls");
  EXPECT_EQ(locked_out.started().error().message.find("wrong"), std::string::npos);
}

TEST(ClientTls, APlainServerIsAnError) {
  ScriptedServer server([](StreamSocket& peer, int) { write_bytes(peer, ok_answer("x")); });
  ClientUnderTest client(tls_options(server, "ca.pem"));
  EXPECT_EQ(client.code_of(request_of("POST", "/", "a")), "http.tls");
}

}  // namespace
}  // namespace certbridge::http

// The client over real sockets: every phase fails once, and every limit is met.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <sstream>

#include "certbridge/testing/memory_content.h"
#include "client_under_test.h"
#include "exchange.h"

namespace certbridge::http {
namespace {

using namespace std::chrono_literals;
using Poco::Net::StreamSocket;
using testing::Options;

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

// Above 256 kB the body goes to the spool while it comes.
TEST(Client, TakesLargeAnswersInWholeAndInChunks) {
  std::string body;
  while (body.size() < 3'000'000) body += std::to_string(body.size()) + ",";
  std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t i = 0; i < body.size(); i += 0x10000) {
    const std::string part = body.substr(i, 0x10000);
    std::ostringstream size;
    size << std::hex << part.size();
    chunked += size.str() + "\r\n" + part + "\r\n";
  }
  chunked += "0\r\n\r\n";
  for (const std::string& answer : {ok_answer(body), chunked}) {
    ScriptedServer server([&](StreamSocket& peer, int) {
      read_request(peer);
      write_bytes(peer, answer);
    });
    ClientUnderTest client({{"base-url", server.url()}});
    const auto got = client.ask(request_of("GET", "/", ""));
    ASSERT_TRUE(got.ok()) << got.error().message;
    EXPECT_TRUE(testing::body_of(got.value()) == body);
  }
}

// Keeps nothing of what it takes but the sizes.
class SizesOnly final : public ContentWriter {
 public:
  SizesOnly(std::uint64_t& total, std::size_t& largest) : total_(total), largest_(largest) {}
  Result<void> write(std::span<const std::byte> bytes) override {
    total_ += bytes.size();
    largest_ = std::max(largest_, bytes.size());
    if (total_ > 20'000'000) return Error::retryable("spool.full", "no room");
    return {};
  }
  Result<StoredContent> finish() override { return StoredContent{content_of(""), total_, {}}; }

 private:
  std::uint64_t& total_;
  std::size_t& largest_;
};

TEST(Client, LargeAnswersNeverStandInMemory) {
  std::uint64_t total = 0;
  std::size_t largest = 0;
  int opened = 0;
  const auto ask = [&](std::size_t size) {
    ScriptedServer server([&](StreamSocket& peer, int) {
      read_request(peer);
      write_bytes(peer, ok_answer(std::string(size, 'x')));
    });
    ClientSettings settings;
    settings.max_response = 60'000'000;
    Exchange exchange(
        settings, parse_target(server.url()).value(), nullptr,
        [&]() -> Result<std::unique_ptr<ContentWriter>> {
          ++opened;
          return std::unique_ptr<ContentWriter>(std::make_unique<SizesOnly>(total, largest));
        });
    return exchange.perform({"GET", "/", {}, nullptr}, std::chrono::steady_clock::now() + kPatience,
                            {}, {});
  };
  const auto large = ask(10'000'000);
  ASSERT_TRUE(large.ok()) << large.error().message;
  EXPECT_TRUE(large.value().body.empty());
  EXPECT_NE(large.value().stored, nullptr);
  EXPECT_EQ(total, 10'000'000U);
  EXPECT_LE(largest, kLargestContentInMemory + 64 * 1024);
  const auto small = ask(1'000);
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(small.value().body.size(), 1'000U);
  const auto refused = ask(30'000'000);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "spool.full");
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

// Plays its script and then waits until the test is over: each phase has a server of its own.
class StallingServer {
 public:
  explicit StallingServer(ScriptedServer::Script script)
      : server_([this, script = std::move(script)](StreamSocket& peer, int number) {
          script(peer, number);
          over_.wait_for(kPatience);
        }) {}
  ~StallingServer() { end_.set_value(); }
  std::string url() const { return server_.url(); }

 private:
  std::promise<void> end_{};
  std::shared_future<void> over_{end_.get_future()};
  ScriptedServer server_;
};

void expect_timeout(const StallingServer& server, Options options, const Message& question,
                    std::chrono::milliseconds deadline, const char* phase) {
  options["base-url"] = server.url();
  ClientUnderTest client(std::move(options));
  const auto answer = client.ask(question, testing::call_of("s", deadline));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "http.timeout");
  EXPECT_NE(answer.error().message.find(phase), std::string::npos) << answer.error().message;
}

// What is not tried out is far above the patience of the test.
TEST(Client, EveryPhaseHasItsTime) {
  const Message small = request_of("POST", "/", "a");
  const Message large = request_of("POST", "/", std::string(20'000'000, 'x'));
  const auto deaf = [](StreamSocket& peer, int) { peer.setReceiveBufferSize(4096); };
  const auto mute = [](StreamSocket& peer, int) { read_request(peer); };
  const auto broken_off = [](StreamSocket& peer, int) {
    read_request(peer);
    write_bytes(peer, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
  };
  const Options patient{{"send-timeout", "1h"}, {"first-byte-timeout", "1h"}, {"timeout", "1h"}};
  const auto with = [&](const char* name, const char* value) {
    Options options = patient;
    options[name] = value;
    return options;
  };
  expect_timeout(StallingServer(deaf), with("send-timeout", "100ms"), large, 1h, "sending");
  expect_timeout(StallingServer(mute), with("first-byte-timeout", "100ms"), small, 1h, "waiting");
  expect_timeout(StallingServer(mute), with("timeout", "150ms"), small, 1h, "waiting");
  expect_timeout(StallingServer(broken_off), with("timeout", "500ms"), small, 1h, "reading");
  expect_timeout(StallingServer(mute), patient, small, 150ms, "waiting");
}

TEST(Client, AnAnswerThatTricklesEndsAtTheDeadline) {
  ScriptedServer server([](StreamSocket& peer, int) {
    read_request(peer);
    write_bytes(peer, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (true) {  // until the client has gone: writing fails then
      write_bytes(peer, "x");
      peer.poll(Poco::Timespan(0, 5000), Poco::Net::Socket::SELECT_READ);
    }
  });
  ClientUnderTest client(
      {{"base-url", server.url()}, {"first-byte-timeout", "1h"}, {"timeout", "1h"}});
  const auto answer = client.ask(request_of("GET", "/", ""), testing::call_of("s", 300ms));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "http.timeout");
}

TEST(Client, AStopIsHeard) {
  std::stop_source stop;
  ScriptedServer server([&](StreamSocket& peer, int) {
    read_request(peer);
    stop.request_stop();
    read_request(peer);
  });
  ClientUnderTest client({{"base-url", server.url()}});
  Call call = testing::call_of("s", kPatience);
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
  EXPECT_EQ(refused.responder().check(testing::call_of("s", kPatience)).error().code,
            "http.refused");
  ClientUnderTest nameless(Options{{"base-url", "http://no-such-host.invalid"}});
  EXPECT_EQ(nameless.code_of(request_of("GET", "/", "")), "http.resolve");
}

TEST(Client, NoMoreConnectionsThanAllowed) {
  std::promise<void> arrived;
  std::promise<void> go_on;
  ScriptedServer server([&](StreamSocket& peer, int) {
    read_request(peer);
    arrived.set_value();
    go_on.get_future().wait_for(kPatience);
    write_bytes(peer, ok_answer("x"));
  });
  ClientUnderTest client({{"base-url", server.url()}, {"connections", "1"}});
  auto first =
      std::async(std::launch::async, [&] { return client.code_of(request_of("POST", "/", "a")); });
  ASSERT_EQ(arrived.get_future().wait_for(kPatience), std::future_status::ready);
  const auto busy = client.ask(request_of("POST", "/", "b"), testing::call_of("s", 150ms));
  ASSERT_FALSE(busy.ok());
  EXPECT_EQ(busy.error().code, "http.busy");
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
    testing::FakeContext context(std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/plugin.xml",
                                 "client", {{"base-url", url}});
    const auto made = make_client(context);
    ASSERT_FALSE(made.ok()) << url;
    EXPECT_EQ(made.error().code, "http.base_url") << url;
  }
}

}  // namespace
}  // namespace certbridge::http

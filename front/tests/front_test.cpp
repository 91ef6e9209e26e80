// The front over real connections: what it tells of a head, and answers that leave in pieces. Its
// framing is tested with the adapter that listens by it (adapters/http/tests).
#include "certbridge_front/http_front.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>

#include "scripted_server.h"
#include "test_certificates.h"

namespace certbridge::http {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

constexpr std::uint64_t kLarge = 3'000'000;

// Byte i is i % 251; broken from `broken_at` on. Counts what is asked for.
class Pattern final : public FrontContent {
 public:
  Pattern(std::uint64_t size, std::uint64_t broken_at, std::atomic<std::uint64_t>& asked)
      : size_(size), broken_at_(broken_at), asked_(asked) {}
  std::uint64_t size() const override { return size_; }
  std::optional<std::size_t> read(std::uint64_t offset, std::span<char> into) override {
    if (offset >= broken_at_) return std::nullopt;
    EXPECT_LE(into.size(), kLargestPiece);
    const auto count = std::min<std::uint64_t>(into.size(), size_ - offset);
    for (std::uint64_t i = 0; i < count; ++i) into[i] = static_cast<char>((offset + i) % 251);
    asked_ += count;
    return count;
  }

 private:
  std::uint64_t size_;
  std::uint64_t broken_at_;
  std::atomic<std::uint64_t>& asked_;
};

class Desk final : public FrontHandler {
 public:
  std::optional<FrontAnswer> refuse(const FrontHead& head) override {
    const std::lock_guard lock(mutex_);
    last_ = head;
    return std::nullopt;
  }
  std::uint64_t most_body(const FrontHead& head) override {
    return head.path == "/large" ? 5000 : 0;
  }
  void handle(const FrontHead& head, std::string body, FrontReply reply) override {
    if (head.path == "/hold") {
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(reply));
      return;
    }
    if (head.path == "/large") {
      if (hold_large) {
        const std::lock_guard lock(mutex_);
        held_.push_back(std::move(reply));
        return;
      }
      return reply({200, std::to_string(body.size()), {}});
    }
    FrontAnswer answer;
    answer.status = 200;
    answer.media_type = "application/ofd";
    answer.headers["X-CB-Record"] = "7";
    answer.content =
        std::make_unique<Pattern>(size, std::min<std::uint64_t>(broken_at, size), asked);
    reply(std::move(answer));
  }
  FrontHead last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  std::size_t held() {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    for (FrontReply& reply : held_) reply({200, "{}", {}});
    held_.clear();
  }
  std::atomic<std::uint64_t> size{kLarge};
  std::atomic<std::uint64_t> broken_at{UINT64_MAX};
  std::atomic<std::uint64_t> asked{0};
  std::atomic<bool> hold_large{false};

 private:
  std::mutex mutex_{};
  FrontHead last_{};
  std::vector<FrontReply> held_{};
};

class FrontTest : public ::testing::Test {
 protected:
  FrontTest() { signal(SIGPIPE, SIG_IGN); }
  ~FrontTest() override {
    desk_.let_go();
    if (front_) front_->stop();
  }
  void open() {
    auto opened = HttpFront::open(settings_, desk_);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    front_ = std::move(opened).value();
  }
  StreamSocket connect() {
    StreamSocket socket(SocketAddress("127.0.0.1", front_->port()));
    socket.setReceiveTimeout(Poco::Timespan(kPatience.count(), 0));
    return socket;
  }
  std::string talk(const std::string& request) {
    StreamSocket socket = connect();
    write_bytes(socket, request);
    return read_to_end(socket);
  }

  FrontSettings settings_{};
  Desk desk_{};
  std::unique_ptr<HttpFront> front_{};
};

std::string get(const std::string& target, const std::string& headers = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers + "\r\n";
}
std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}
std::string pattern(std::uint64_t size) {
  std::string text(size, '\0');
  for (std::uint64_t i = 0; i < size; ++i) text[i] = static_cast<char>(i % 251);
  return text;
}

TEST_F(FrontTest, TellsTargetAndTheHeadersThatWereAskedFor) {
  settings_.headers = {"X-CB-Nonce", "X-CB-Time"};
  open();
  talk(get("/a/b?c=d", "x-cb-nonce: 123\r\nX-Other: 1\r\n"));
  EXPECT_EQ(desk_.last().path, "/a/b");
  EXPECT_EQ(desk_.last().target, "/a/b?c=d");
  EXPECT_EQ(desk_.last().headers,
            (std::map<std::string, std::string, std::less<>>{{"X-CB-Nonce", "123"}}));
  EXPECT_EQ(desk_.last().certificate_sha256, "");
}

TEST_F(FrontTest, RefusesAHeaderThatCountsAndComesTwice) {
  settings_.headers = {"X-CB-Nonce"};
  open();
  const std::string answer = talk(get("/a", "X-CB-Nonce: 1\r\nX-CB-Nonce: 2\r\n"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
}

TEST_F(FrontTest, AnAnswerLeavesInPieces) {
  open();
  const std::string answer = talk(get("/file"));
  EXPECT_NE(answer.find("Content-Type: application/ofd\r\n"), std::string::npos);
  EXPECT_NE(answer.find("X-CB-Record: 7\r\n"), std::string::npos);
  EXPECT_NE(answer.find("Content-Length: 3000000\r\n"), std::string::npos);
  EXPECT_TRUE(body_of(answer) == pattern(kLarge)) << body_of(answer).size();
}

TEST_F(FrontTest, AConnectionServesOnAfterPieces) {
  open();
  const std::string once = "GET /file HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string answer = talk(once + get("/file"));
  EXPECT_GT(answer.size(), 2 * kLarge);
}

TEST_F(FrontTest, WhatCannotBeReadIsSeenToBeCut) {
  desk_.broken_at = 1'000'000;
  open();
  const std::string body = body_of(talk(get("/file")));
  EXPECT_GE(body.size(), 1'000'000u);
  EXPECT_LT(body.size(), kLarge);
}

// What a reader does not take is not read: the sockets hold some megabytes and no more.
TEST_F(FrontTest, ASlowReaderCostsAPieceAndIsCutOffInTheEnd) {
  settings_.write_timeout = std::chrono::milliseconds(300);
  desk_.size = 20 * kLarge;
  open();
  StreamSocket slow;
  slow.init(AF_INET);
  slow.setReceiveBufferSize(8192);
  slow.connect(SocketAddress("127.0.0.1", front_->port()));
  slow.setReceiveTimeout(Poco::Timespan(kPatience.count(), 0));
  write_bytes(slow, get("/file"));
  const std::string meanwhile = talk(get("/large"));
  EXPECT_TRUE(meanwhile.starts_with("HTTP/1.1 200")) << "others are served";
  slow.poll(Poco::Timespan(kPatience.count(), 0), Poco::Net::Socket::SELECT_READ);
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(600);
  while (std::chrono::steady_clock::now() < until) talk(get("/large"));
  EXPECT_LT(desk_.asked, desk_.size / 2) << "it was read although nobody takes it";
  EXPECT_LT(body_of(read_to_end(slow)).size(), desk_.size / 2);
}

TEST_F(FrontTest, ARequestMayHaveALargerBodyThanOthers) {
  settings_.max_body = 1000;
  open();
  const auto post = [](const std::string& path, std::size_t size) {
    return "POST " + path +
           " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " + std::to_string(size) +
           "\r\n\r\n" + std::string(size, 'x');
  };
  EXPECT_TRUE(body_of(talk(post("/large", 5000))) == "5000");
  EXPECT_TRUE(talk(post("/large", 5001)).starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(talk(post("/file", 1001)).starts_with("HTTP/1.1 413"));
  const std::string chunked =
      "POST /large HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1389\r\n" +
      std::string(5001, 'x') + "\r\n0\r\n\r\n";
  EXPECT_TRUE(talk(chunked).starts_with("HTTP/1.1 413"));
}

TEST_F(FrontTest, OnlySoManyLargeBodiesAreHereAtOnce) {
  settings_.max_body = 1000;
  settings_.max_large_bodies = 1;
  desk_.hold_large = true;
  open();
  const std::string post = "POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}";
  StreamSocket first = connect();
  write_bytes(first, post);
  while (desk_.held() == 0) std::this_thread::yield();
  EXPECT_TRUE(talk(post).starts_with("HTTP/1.1 503"));
  desk_.let_go();
  first.close();
  desk_.hold_large = false;
  std::string again;
  do {
    again =
        talk("POST /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
  } while (again.starts_with("HTTP/1.1 503"));
  EXPECT_TRUE(again.starts_with("HTTP/1.1 200")) << again;
}

TEST_F(FrontTest, TellsTheCertificateThatAClientShows) {
  const TestCertificates& files = test_certificates();
  settings_.certificate = files.file("server.pem");
  settings_.key = files.file("server.key");
  settings_.client_ca = files.file("ca.pem");
  settings_.clients_must_show = false;
  open();
  using Poco::Net::Context;
  const auto certificate = [&](bool show) {
    Context::Ptr context(
        new Context(Context::TLS_CLIENT_USE, files.file("ca.pem"), Context::VERIFY_STRICT));
    if (show) {
      context->useCertificate(Poco::Crypto::X509Certificate(files.file("client.pem")));
      context->usePrivateKey(Poco::Crypto::EVPPKey("", files.file("client.key"), kKeyPassphrase));
    }
    Poco::Net::SecureStreamSocket socket(SocketAddress("127.0.0.1", front_->port()), "localhost",
                                         context);
    write_bytes(socket, get("/file"));
    const std::string body = body_of(read_to_end(socket));
    EXPECT_TRUE(body.substr(0, kLarge) == pattern(kLarge)) << body.size();
    return desk_.last().certificate_sha256;
  };
  EXPECT_EQ(certificate(true).size(), 64u);
  EXPECT_EQ(certificate(false), "");
}

TEST_F(FrontTest, StopsWhilePiecesAreLeaving) {
  desk_.size = 20 * kLarge;
  open();
  StreamSocket slow = connect();
  write_bytes(slow, get("/file"));
  slow.poll(Poco::Timespan(kPatience.count(), 0), Poco::Net::Socket::SELECT_READ);
  front_->stop();
  front_.reset();
}

}  // namespace
}  // namespace certbridge::http

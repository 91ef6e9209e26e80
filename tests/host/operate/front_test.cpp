#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <unistd.h>

#include <fstream>

#include "operate/operate_client.h"
#include "operate/operate_front.h"
#include "operate_fixture.h"

namespace certbridge::host {
namespace {

class FrontTest : public OperateTest {
 protected:
  FrontTest() {
    configuration_.operate.socket = (folder_ / "operate.sock").string();
    configuration_.operate.address = "127.0.0.1:0";
  }
  void open() {
    auto front = open_operate_front(configuration_.operate, desk());
    ASSERT_TRUE(front.ok()) << front.error().message;
    front_ = std::move(front).value();
  }
  int status(const std::string& method, const std::string& target, const std::string& key,
             const std::string& body = "", bool chunked = false) {
    Poco::Net::HTTPClientSession session("127.0.0.1", front_->port());
    Poco::Net::HTTPRequest request(method, target, Poco::Net::HTTPMessage::HTTP_1_1);
    if (!key.empty()) request.set("Authorization", "Bearer " + key);
    if (chunked) {
      request.setChunkedTransferEncoding(true);
    } else {
      request.setContentLength(static_cast<std::streamsize>(body.size()));
    }
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), body_);
    return response.getStatus();
  }

  std::unique_ptr<OperateFront> front_{};
  std::string body_{};
};

TEST_F(FrontTest, TheSocketKnowsTheUserOfTheOperatingSystem) {
  configuration_.operate.people.clear();
  configuration_.operate.address.clear();
  open();
  const Operation& list = *operation_at("/api/1/parked/list");
  const auto answer = ask_host(configuration_.operate.socket, list, {{"limit", "5"}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer.value(), "{\"parked\":[]}\n");
  const auto refused = ask_host(configuration_.operate.socket, *operation_at("/api/1/review/show"),
                                {{"review", "1"}});
  EXPECT_EQ(refused.error().code, "operate.role");
  front_.reset();
  EXPECT_EQ(ask_host(configuration_.operate.socket, list, {}).error().code, "operate.no_host");
}

TEST_F(FrontTest, SomebodyWhoIsNotNamedIsRefusedOnTheSocketToo) {
  configuration_.operate.people[0].user = geteuid() == 0 ? "nobody" : "root";
  open();
  const auto answer =
      ask_host(configuration_.operate.socket, *operation_at("/api/1/parked/list"), {});
  EXPECT_EQ(answer.error().code, "operate.nobody");
}

TEST_F(FrontTest, HttpTakesAKeyAndNothingElse) {
  open();
  EXPECT_EQ(status("GET", "/api/1/parked/list", ""), 401);
  EXPECT_EQ(status("GET", "/api/1/parked/list", "wrong"), 401);
  EXPECT_EQ(status("GET", "/api/1/parked/list", kAuditorKey), 200);
  EXPECT_EQ(status("POST", "/api/1/parked/discard", kAuditorKey, "{}"), 403);
  EXPECT_EQ(status("GET", "/api/1/nothing", kOperatorKey), 404);
}

TEST_F(FrontTest, AnOversizeBodyIsNotTaken) {
  open();
  const std::string small = R"({"message":"m-0000000001","reason":"x"})";
  EXPECT_EQ(status("POST", "/api/1/parked/discard", kOperatorKey, small), 404);
  const std::string large(64 * 1024 + 1, ' ');
  // Whoever is still sending when it is refused may find the connection closed instead.
  for (const bool chunked : {false, true}) {
    try {
      EXPECT_EQ(status("POST", "/api/1/parked/discard", kOperatorKey, large, chunked), 413);
    } catch (const Poco::IOException&) {
    }
  }
  EXPECT_EQ(status("POST", "/api/1/parked/discard", kOperatorKey, small), 404) << "it goes on";
}

TEST_F(FrontTest, ALeftOverSocketIsReplacedAndALivingOneIsNot) {
  open();
  auto second = open_operate_front(configuration_.operate, desk());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "operate.listen");
  front_.reset();
  std::ofstream(configuration_.operate.socket) << "a file";
  EXPECT_FALSE(open_operate_front(configuration_.operate, desk()).ok());
  std::filesystem::remove(configuration_.operate.socket);
  open();
}

}  // namespace
}  // namespace certbridge::host

// The server over real sockets: verdicts of the receiver, what is parked, what is refused at once.
#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "certbridge/testing/memory_content.h"
#include "envelope.h"
#include "server_under_test.h"
#include "test_certificates.h"

namespace certbridge::http {
namespace {

using namespace std::chrono_literals;
using Poco::Net::StreamSocket;
using testing::Options;

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

TEST(Server, AListOfUnitsIsAnOrderKeyForEach) {
  std::ifstream file(in_folder("tests/samples/envelope.xml"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Envelope envelope = parse_envelope(text, "envelope.xml").value();
  const auto read = [&](const std::string& units) {
    return read_event(envelope,
                      R"({"event_id":"e1","event_type":"SHANZHENG","case":{"no":"C-1"},)"
                      R"("unit_no":"U-1","units":)" +
                          units + "}",
                      Timestamp());
  };
  const Message message = read(R"(["U-2","U-1",3,null,""])");
  EXPECT_FALSE(message.headers.contains("intake-error-code"));
  const std::vector<OrderKey> keys{
      {"case", "C-1"}, {"unit", "U-1"}, {"unit", "U-2"}, {"unit", "3"}};
  EXPECT_EQ(message.order_keys, keys);
  EXPECT_EQ(read(R"("U-7")").order_keys.back().value, "U-7");
  EXPECT_EQ(read(R"([["U-2"]])").headers.at("intake-error"),
            "units: must be a text or a whole number, is a list");
  std::string many = "[0";
  for (int unit = 1; unit < 1000; ++unit) many += "," + std::to_string(unit);
  EXPECT_EQ(read(many + "]").order_keys.size(), 1002u);
  const Message refused = read(many + ",1000]");
  EXPECT_EQ(refused.headers.at("intake-error-code"), "http.field");
  EXPECT_EQ(refused.headers.at("intake-error"), "units: must be at most 1000 values, has 1001");
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
      {{Acceptance::Verdict::kBusy, "", "", "", 2500ms}, "HTTP/1.1 503", "Retry-After: 3"},
      {{Acceptance::Verdict::kBusy, "", "journal.full", "/path", 2500ms},
       "HTTP/1.1 503",
       R"({"code":"journal.full","message":"not taken; try again"})"}};
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
      {R"({"event_id":"e0","case":{"no":"C","no":"D"}})", "http.json", "twice"},
      {R"({"event_id":"e0","case\u0000":1,"event_id":"e1"})", "http.json", "twice"},
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
  // What cannot be read as a mark counts as one.
  for (const char* mark :
       {"true", "1", "\"Y\"", "\"是\"", "1.5", "[]", "{\"level\":1}", "\"a\\nb\""})
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

TEST(Server, TakesUtf8Only) {
  ServerUnderTest server({});
  const auto status = [&](const std::string& type) {
    return status_of(server.talk(
        post("/events", "Connection: close\r\nContent-Type: " + type + "\r\n" + kKnown, kEvent)));
  };
  for (const char* type :
       {"application/json", "application/json; charset=utf-8", "application/json;Charset=\"UTF-8\"",
        "application/json; v=1; charset=UTF-8"})
    EXPECT_EQ(status(type).substr(0, 10), "HTTP/1.1 2") << type;
  for (const char* type : {"application/json; charset=GB18030", "text/plain;charset=\"gbk\""})
    EXPECT_EQ(status(type), "HTTP/1.1 415") << type;
  EXPECT_EQ(server.receiver().accepted().size(), 1u) << "the same event each time";
}

// Holds the first four batches, one for each thread of the intake, until it is told to go on.
class SlowReceiver final : public Receiver {
 public:
  static constexpr std::size_t kHeld = 4;
  std::vector<Acceptance> accept(std::vector<Message> messages) override {
    std::unique_lock lock(mutex_);
    batches_.push_back(messages.size());
    changed_.notify_all();
    if (batches_.size() <= kHeld) changed_.wait_for(lock, kPatience, [this] { return goes_on_; });
    return std::vector<Acceptance>(messages.size(),
                                   {Acceptance::Verdict::kAccepted, "m", "", "", {}});
  }
  Result<void> settle(const Correlation&, const Outcome&) override {
    return Error::retryable("journal.busy", "not now");
  }
  bool wait_for(std::size_t batches) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return batches_.size() >= batches; });
  }
  void go_on() {
    const std::lock_guard lock(mutex_);
    goes_on_ = true;
    changed_.notify_all();
  }
  std::vector<std::size_t> batches() {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::vector<std::size_t> batches_{};
  bool goes_on_ = false;
};

TEST(Server, CollectsWhatArrivesDuringACommitAndIsBusyBeyondItsQueue) {
  SlowReceiver receiver;
  ServerUnderTest server({{"queue", "8"}}, &receiver);
  std::vector<StreamSocket> first;
  for (std::size_t i = 1; i <= SlowReceiver::kHeld; ++i) {
    first.push_back(server.connect());
    write_bytes(first.back(), event(kEvent));
    ASSERT_TRUE(receiver.wait_for(i));
  }
  // Nine more for a queue of eight; which of them is told to come back is the loop's affair.
  std::vector<StreamSocket> senders;
  Poco::Net::Socket::SocketList answered;
  for (int i = 0; i < 9; ++i) {
    senders.push_back(server.connect());
    write_bytes(senders.back(), event(kEvent));
    answered.push_back(senders.back());
  }
  Poco::Net::Socket::SocketList none;
  EXPECT_EQ(Poco::Net::Socket::select(answered, none, none, Poco::Timespan(kPatience.count(), 0)),
            1);
  receiver.go_on();
  std::map<std::string, int> statuses;
  for (StreamSocket& sender : senders) ++statuses[status_of(read_to_end(sender))];
  EXPECT_EQ(statuses, (std::map<std::string, int>{{"HTTP/1.1 202", 8}, {"HTTP/1.1 503", 1}}));
  for (StreamSocket& sender : first) EXPECT_EQ(status_of(read_to_end(sender)), "HTTP/1.1 202");
  EXPECT_EQ(receiver.batches(), (std::vector<std::size_t>{1, 1, 1, 1, 8}));
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
  EXPECT_EQ(status_of(verdict(R"({"receiptno":"r1","code":"9000"})")), "HTTP/1.1 200");
  EXPECT_EQ(status_of(verdict(R"({"receiptno":"r3","code":"2009","text":"未发布"})")),
            "HTTP/1.1 200");
  const auto settled = server.receiver().settled();
  ASSERT_EQ(settled.size(), 4u);
  EXPECT_EQ(settled[3].second.verdict, Outcome::Verdict::kRejected);
  EXPECT_EQ(settled[3].second.code, "delivery.type_not_registered");
  EXPECT_EQ(settled[3].second.message, "2009: 未发布");
  EXPECT_EQ(settled[2].second.verdict, Outcome::Verdict::kWithdrawn);
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

TEST(Server, RefusesOptionsThatDoNotGoTogether) {
  const auto code_of = [](const Options& options) {
    testing::FakeContext context(in_folder("plugin.xml"), "server", options);
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
  options = options_with({{"envelope", in_folder("plugin.xml")}});
  EXPECT_EQ(code_of(options), "http.envelope");
}

}  // namespace
}  // namespace certbridge::http

// The collector as its host sees it: contracts, tokens under load, files that do not match.
#include "collector.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <set>
#include <thread>

#include "certbridge/plugin.h"
#include "certbridge/testing/contracts.h"
#include "library_fixture.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

const std::string kHere = std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/";
const testing::Options kOptions{{"dialect", "plugin:dialects/epoint.xml"},
                                {"client-id", "certbridge"},
                                {"client-secret", "hush-hush"}};

class CollectorPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "collector") return Plugin::make_sink(kind, context);
    return make_collector(context);
  }
};

// A library of dialect "epoint" in memory.
class FakeLibrary {
 public:
  explicit FakeLibrary(testing::FakeResponder& wire) {
    wire.answers_with([this](const Message& question, const Call&) { return answer(question); });
  }
  int published() const { return published_; }
  int tokens() const { return tokens_; }
  void forget_tokens() {
    const std::lock_guard lock(mutex_);
    token_.clear();
  }

 private:
  Result<Message> answer(const Message& question) {
    const std::lock_guard lock(mutex_);
    const std::string path = question.headers.at("http-path");
    if (path == "/epoint/rest/token") {
      token_ = "t" + std::to_string(++tokens_);
      return reply("0000", {{"access_token", token_}, {"expires_in", 1800}});
    }
    if (path.find("access_token=" + token_) == std::string::npos || token_.empty())
      return reply("1001", {});
    const json::value body = json::parse(testing::body_of(question));
    return call(path.substr(0, path.find('?')), body.at("params").as_object());
  }
  Result<Message> call(const std::string& path, const json::object& params) {
    const auto text = [&](const char* name) {
      return std::string(std::string_view(params.at(name).as_string()));
    };
    if (path.ends_with("/attach")) return reply("0000", {{"attachguid", text("sm3")}});
    if (path.ends_with("/save")) {
      const std::string id = text("certificateidentifier");
      if (held_.contains(id)) return reply("2006", {});
      held_[id] = text("attachguid");
      return reply("0000", {{"certrowguid", id}});
    }
    if (path.ends_with("/publish")) {
      if (!public_.insert(text("certrowguid")).second) return reply("2012", {});
      ++published_;
      return reply("0000", {});
    }
    const std::string id = text("certificateidentifier");
    if (!held_.contains(id)) return reply("0000", {{"certinfo", ""}});
    return reply(
        "0000",
        {{"certinfo", json::array{json::object{{"certificateidentifier", id},
                                               {"filesm3", held_[id]},
                                               {"status", public_.contains(id) ? "正常" : "处理中"},
                                               {"certrowguid", id}}}}});
  }
  static Message reply(const char* code, json::object fields) {
    fields["code"] = code;
    Message message = testing::message_of("http.response", "application/json",
                                          json::serialize(json::object{{"custom", fields}}));
    message.headers["http-status"] = "200";
    return message;
  }

  std::mutex mutex_{};
  std::string token_{};
  std::atomic<int> tokens_{0};
  std::atomic<int> published_{0};
  std::map<std::string, std::string> held_{};
  std::set<std::string> public_{};
};

class Collector : public ::testing::Test {
 protected:
  Collector() { context_.lend("library", wire_); }
  std::unique_ptr<Sink> make() { return make_collector(context_).value(); }
  Result<Receipt> send(Sink& sink, const Message& message) {
    auto receipt = sink.send(message, testing::call_of(message.id + "/library", 10s));
    if (!receipt) context_.expect_declared(receipt.error());
    return receipt;
  }
  Message http(int status, const std::string& body) {
    Message message = testing::message_of("http.response", "application/json", body);
    message.headers["http-status"] = std::to_string(status);
    return message;
  }
  testing::FakeResponder wire_{};
  testing::FakeContext context_{kHere + "plugin.xml", "collector", kOptions};
};

TEST_F(Collector, KeepsTheContract) {
  for (const testing::Through through : {testing::Through::kPlain, testing::Through::kWire}) {
    testing::FakeResponder wire;
    testing::FakeContext context(kHere + "plugin.xml", "collector", kOptions);
    context.lend("library", wire);
    const FakeLibrary library(wire);
    CollectorPlugin plugin;
    testing::check_sink_contract(
        {plugin, context, "collector"}, issue_of(certificate_of("0000001", 1), "file"),
        [&] { return library.published(); }, through);
  }
}

TEST_F(Collector, SendsOnlyTheFileOfTheHeader) {
  const auto sink = make();
  const Message right = issue_of(certificate_of("0000001", 1), "file");
  Message no_header = right;
  no_header.headers.erase("file-digest");
  Message other_header = right;
  other_header.headers["file-digest"] = std::string(64, '0');
  Message other_bytes = right;
  other_bytes.attachments[0].content = content_of("forged");
  Message no_file = right;
  no_file.attachments.clear();
  for (const Message& wrong : {no_header, other_header, other_bytes, no_file}) {
    const auto receipt = send(*sink, wrong);
    ASSERT_FALSE(receipt.ok());
    EXPECT_EQ(receipt.error().code, "municipal.file_digest");
  }
  EXPECT_TRUE(wire_.questions().empty());
}

TEST_F(Collector, ManyThreadsFetchOneToken) {
  FakeLibrary library(wire_);
  const auto sink = make();
  const auto send_many = [&](int first) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] {
        const Message message =
            issue_of(certificate_of("000" + std::to_string(first + i), 1), "file");
        EXPECT_TRUE(sink->send(message, testing::call_of(message.id, 10s)).ok());
      });
    }
    for (std::thread& thread : threads) thread.join();
  };
  send_many(1000);
  EXPECT_EQ(library.tokens(), 1);
  EXPECT_EQ(library.published(), 8);
  library.forget_tokens();  // as after the library's restart
  send_many(2000);
  EXPECT_EQ(library.published(), 16);
  EXPECT_EQ(library.tokens(), 2);
}

TEST_F(Collector, ARefusedTokenIsRenewedOnceOnly) {
  wire_.answers_with([&](const Message& question, const Call&) -> Result<Message> {
    if (question.headers.at("http-path") == "/epoint/rest/token") {
      return http(200, R"({"custom":{"code":"0000","access_token":"t","expires_in":"1800"}})");
    }
    return http(200, R"({"custom":{"code":"1001","text":"wrong"}})");
  });
  const auto sink = make();
  const auto receipt = send(*sink, issue_of(certificate_of("0000001", 1), "file"));
  ASSERT_FALSE(receipt.ok());
  EXPECT_EQ(receipt.error().code, "municipal.authentication");
  EXPECT_EQ(receipt.error().severity, Severity::kFault);
  EXPECT_EQ(wire_.questions().size(), 4u) << "token, call, token, call";
}

TEST_F(Collector, HttpStatusesAreClassified) {
  struct Case {
    int status;
    const char* code;
    Severity severity;
  };
  for (const Case& c : {Case{500, "municipal.busy", Severity::kRetryable},
                        Case{503, "municipal.busy", Severity::kRetryable},
                        Case{429, "municipal.throttled", Severity::kRetryable},
                        Case{408, "municipal.busy", Severity::kRetryable},
                        Case{401, "municipal.authentication", Severity::kFault},
                        Case{403, "municipal.permission", Severity::kPermanent},
                        Case{400, "municipal.refused", Severity::kPermanent},
                        Case{413, "municipal.refused", Severity::kPermanent},
                        Case{404, "municipal.http_status", Severity::kFault},
                        Case{302, "municipal.http_status", Severity::kFault}}) {
    wire_.answers_with([&](const Message&, const Call&) -> Result<Message> {
      Message answer = http(c.status, "<html>");
      answer.headers["http-retry-after-ms"] = "7000";
      return answer;
    });
    const auto receipt = send(*make(), issue_of(certificate_of("0000001", 1), "file"));
    ASSERT_FALSE(receipt.ok());
    EXPECT_EQ(receipt.error().code, c.code) << c.status;
    EXPECT_EQ(receipt.error().severity, c.severity) << c.status;
    EXPECT_EQ(receipt.error().retry_after.has_value(), c.severity == Severity::kRetryable)
        << c.status;
  }
}

TEST_F(Collector, TransportErrorsGetCodesOfItsOwn) {
  const std::pair<Error, const char*> cases[] = {
      {Error::retryable("x.timeout", "late"), "municipal.unreachable"},
      {Error::permanent("x.large", "large"), "municipal.request_refused"},
      {Error::fault("x.tls", "tls"), "municipal.transport"}};
  for (const auto& [error, code] : cases) {
    wire_.answers_with(
        [&error = error](const Message&, const Call&) -> Result<Message> { return error; });
    const auto receipt = send(*make(), issue_of(certificate_of("0000001", 1), "file"));
    ASSERT_FALSE(receipt.ok());
    EXPECT_EQ(receipt.error().code, code);
    EXPECT_NE(receipt.error().message.find(error.code), std::string::npos);
  }
}

TEST_F(Collector, OptionsThatTheDialectNeeds) {
  const auto code_of = [](testing::Options options) {
    for (const auto& [name, value] : kOptions) options.emplace(name, value);
    testing::FakeResponder wire;
    testing::FakeContext context(kHere + "plugin.xml", "collector", options);
    context.lend("library", wire);
    auto made = make_collector(context);
    return made ? std::string("made") : made.error().code;
  };
  const std::string linewell = "plugin:dialects/linewell.xml";
  EXPECT_EQ(code_of({{"dialect", linewell}}), "municipal.option");
  EXPECT_EQ(code_of({{"dialect", linewell}, {"cipher-key", "00112233445566778899aabbccddeeff"}}),
            "municipal.option");
  EXPECT_EQ(code_of({{"dialect", linewell}, {"cipher-key", "short"}, {"signing-key", "x"}}),
            "municipal.keys");
  EXPECT_EQ(code_of({{"dialect", linewell},
                     {"cipher-key", "00112233445566778899aabbccddeeff"},
                     {"signing-key", "x"}}),
            "municipal.keys");
  EXPECT_EQ(code_of({{"dialect", kHere + "plugin.xml"}}), "dialect.shape");
}

}  // namespace
}  // namespace certbridge::municipal_library

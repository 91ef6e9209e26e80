// An index of certificates that is told over HTTP: which row follows which, and what an attempt
// whose end is not known comes to.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "certbridge/certificate_type.h"
#include "certbridge/plugin.h"
#include "certbridge/testing/contracts.h"
#include "dialect_files.h"
#include "index_reporter.h"
#include "index_row.h"
#include "library_fixture.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

const std::string kPlugin = std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/";
const testing::Options kIndexOptions{{"dialect", "plugin:dialects/province-index.xml"},
                                     {"client-id", "certbridge"},
                                     {"client-secret", "hush-hush"},
                                     {"signing-key", "hush-hush"}};

class IndexPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "index") return Plugin::make_sink(kind, context);
    return make_index_reporter(context);
  }
};

std::string text_of(const json::object& row, const char* name) {
  const json::value* found = row.if_contains(name);
  return found == nullptr ? "" : std::string(std::string_view(found->as_string()));
}

// A platform of dialect "province-index" in memory that takes each version once, in order.
class FakePlatform {
 public:
  explicit FakePlatform(testing::FakeResponder& wire) {
    wire.answers_with([this](const Message& question, const Call&) { return answer(question); });
  }
  const std::vector<json::object>& rows() const { return rows_; }
  std::string of_last(const char* name) const {
    return rows_.empty() ? "" : text_of(rows_.back(), name);
  }
  int queries() const { return queries_; }
  // The next reports end so: "lost" acts and answers nothing, "gone" does nothing and answers
  // nothing, anything else is the code that is answered without acting.
  void next(const std::string& end) { ends_.push_back(end); }
  void forget() { held_.clear(); }

 private:
  Result<Message> answer(const Message& question) {
    const std::string path = question.headers.at("http-path");
    const json::object data = json::parse(testing::body_of(question)).at("data").as_object();
    if (path.ends_with("/query")) return query(text_of(data, "entryCode"));
    std::string end;
    if (!ends_.empty()) {
      end = ends_.front();
      ends_.erase(ends_.begin());
    }
    if (end == "gone") return Error::retryable("http.timeout", "nothing came");
    if (!end.empty() && end != "lost") return reply(end, {{"receiptNo", "r-1"}});
    const std::string code = take(data);
    if (end == "lost") return Error::retryable("http.timeout", "nothing came");
    return reply(code, {});
  }
  std::string take(const json::object& row) {
    const std::string entry = text_of(row, "entryCode");
    const std::string operation = text_of(row, "operateType");
    const auto held = held_.find(entry);
    const bool there = held != held_.end() && text_of(held->second, "operateType") != "D";
    const auto same = [&](const char* name) {
      return text_of(held->second, name) == text_of(row, name);
    };
    if (held != held_.end() && same("version") && same("contentSm3")) return "208";
    if (operation == "I" && there) return "208";
    if (operation != "I" && !there) return "404";
    rows_.push_back(row);
    held_[entry] = row;
    return "200";
  }
  Message query(const std::string& entry) {
    ++queries_;
    const auto held = held_.find(entry);
    if (held == held_.end()) return reply("404", {});
    return reply("200", {{"entries", json::array{held->second}}});
  }
  static Message reply(const std::string& code, const json::object& data) {
    Message message = testing::message_of(
        "http.response", "application/json",
        json::serialize(json::object{{"code", code}, {"message", "words"}, {"data", data}}));
    message.headers["http-status"] = "200";
    return message;
  }

  std::vector<json::object> rows_{};
  std::map<std::string, json::object> held_{};
  std::vector<std::string> ends_{};
  int queries_ = 0;
};

class Index : public ::testing::Test {
 protected:
  Index() {
    context_.lend("library", wire_);
    auto made = make_index_reporter(context_);
    EXPECT_TRUE(made.ok()) << made.error().message;
    sink_ = std::move(made).value();
  }
  static std::string key_of(const Message& message) { return message.id + "/index"; }
  // As the engine does: what the attempt put into Memory commits with what it comes to.
  Result<Receipt> send(Message message) {
    message.order_number = ++order_;
    return send_again(message);
  }
  Result<Receipt> send_again(const Message& message) {
    auto receipt = sink_->send(message, testing::call_of(key_of(message), 10s));
    if (!receipt) context_.expect_declared(receipt.error());
    context_.memory().commit(key_of(message));
    return receipt;
  }
  // Of the second version of the certificate: a message of its own.
  static Message second_issue() {
    Message message = issue_of(certificate_of("0000001", 2), "sealed anew");
    message.id += "/second";
    return message;
  }
  Confirmation::State confirm(const Message& message) {
    auto answer = sink_->confirm(message, testing::call_of(key_of(message), 10s));
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    context_.memory().commit(key_of(message));
    return answer ? answer.value().state : Confirmation::State::kCannotTell;
  }
  std::string told() const {
    return platform_.of_last("operateType") + " " + platform_.of_last("version") + " " +
           platform_.of_last("certState");
  }

  testing::FakeResponder wire_{};
  testing::FakeContext context_{kPlugin + "plugin.xml", "index", kIndexOptions};
  FakePlatform platform_{wire_};
  std::unique_ptr<Sink> sink_{};
  std::uint64_t order_ = 0;
  const Certificate certificate_ = certificate_of("0000001", 1);
  const Message issue_ = issue_of(certificate_, "sealed");
};

TEST_F(Index, KeepsTheContract) {
  for (const testing::Through through : {testing::Through::kPlain, testing::Through::kWire}) {
    testing::FakeResponder wire;
    testing::FakeContext context(kPlugin + "plugin.xml", "index", kIndexOptions);
    context.lend("library", wire);
    const FakePlatform platform(wire);
    IndexPlugin plugin;
    testing::check_sink_contract(
        {plugin, context, "index"}, issue_,
        [&] { return static_cast<int>(platform.rows().size()); }, through);
  }
}

TEST_F(Index, FollowsTheLifeOfACertificate) {
  ASSERT_TRUE(send(issue_).ok());
  EXPECT_EQ(told(), "I 0001 01");
  const json::object first = platform_.rows().front();
  EXPECT_EQ(text_of(first, "entryCode"), "11100000MB03271699001.11411300MB1T000091.20260000001");
  EXPECT_EQ(text_of(first, "ownerName"), "𠮷某^南阳某有限公司^Smith J");
  EXPECT_EQ(text_of(first, "infoTypeCode"), "111^001^999");
  EXPECT_EQ(text_of(first, "validEnd"), "9999-12-31");
  EXPECT_FALSE(first.contains("validBegin"));
  EXPECT_EQ(text_of(first, "fileSm3"), issue_.headers.at("file-digest"));

  ASSERT_TRUE(send(status_of(certificate_, "suspended", "valid")).ok());
  EXPECT_EQ(told(), "U 0002 02");
  // The row is whole, though the message has no holder.
  EXPECT_EQ(platform_.of_last("ownerId"), text_of(first, "ownerId"));
  EXPECT_EQ(platform_.of_last("fileSm3"), issue_.headers.at("file-digest"));
  EXPECT_NE(platform_.of_last("contentSm3"), text_of(first, "contentSm3"));
  EXPECT_EQ(platform_.of_last("stateTime"), "2026-06-02 09:02:03");

  ASSERT_TRUE(send(second_issue()).ok());
  EXPECT_EQ(told(), "U 0003 01");
  EXPECT_EQ(platform_.of_last("infoVersion"), "002");

  ASSERT_TRUE(send(status_of(certificate_of("0000001", 2), "cancelled", "valid")).ok());
  EXPECT_EQ(told(), "D 0004 04");
  EXPECT_EQ(platform_.of_last("infoVersion"), "002");
  EXPECT_EQ(platform_.queries(), 0);
}

TEST_F(Index, WhatWasNeverToldHasNoStatus) {
  const auto receipt = send(status_of(certificate_, "cancelled", "valid"));
  ASSERT_FALSE(receipt.ok());
  EXPECT_EQ(receipt.error().code, kCodeNotHeld);
  EXPECT_TRUE(platform_.rows().empty());
}

TEST_F(Index, OfALostAnswerThePlatformIsAsked) {
  platform_.next("lost");
  ASSERT_FALSE(send(issue_).ok());
  EXPECT_EQ(confirm(issue_), Confirmation::State::kPresent);
  // It counts as told: the next one follows on it.
  ASSERT_TRUE(send(status_of(certificate_, "suspended", "valid")).ok());
  EXPECT_EQ(told(), "U 0002 02");
}

TEST_F(Index, WhatDidNotArriveIsSentAgainAsTheSameVersion) {
  platform_.next("gone");
  Message message = issue_;
  message.order_number = ++order_;
  ASSERT_FALSE(send_again(message).ok());
  EXPECT_EQ(context_.memory().flushes(), 1);
  EXPECT_EQ(confirm(message), Confirmation::State::kAbsent);
  ASSERT_TRUE(send_again(message).ok());
  EXPECT_EQ(told(), "I 0001 01");
  EXPECT_EQ(confirm(message), Confirmation::State::kPresent);
}

// Marked as being sent, and the process died before the version was kept.
TEST_F(Index, WhatWasNeverBegunIsAbsent) {
  ASSERT_TRUE(send(issue_).ok());
  Message status = status_of(certificate_, "suspended", "valid");
  status.order_number = ++order_;
  EXPECT_EQ(confirm(status), Confirmation::State::kAbsent);
}

TEST_F(Index, ARefusedRowUsesUpNoVersion) {
  ASSERT_TRUE(send(issue_).ok());
  platform_.next("400");
  const auto refused = send(status_of(certificate_, "suspended", "valid"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "municipal.refused");
  ASSERT_TRUE(send(status_of(certificate_, "expired", "valid")).ok());
  EXPECT_EQ(told(), "U 0002 05");
  EXPECT_EQ(platform_.queries(), 1) << "in doubt, it asks what the platform has";
}

// An attempt that a person gave up had arrived after all.
TEST_F(Index, ATypeThatIsNotRegisteredIsNothingOfTheCertificate) {
  platform_.next("415");
  const Message message = issue_of(certificate_of("0000001", 1), "sealed");
  const auto refused = send(message);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, kCodeTypeNotRegistered);
  ASSERT_TRUE(send_again(message).ok());
  EXPECT_EQ(told(), "I 0001 01");
}

TEST_F(Index, WhatAnotherAttemptLeftIsLearntFromThePlatform) {
  ASSERT_TRUE(send(issue_).ok());
  platform_.next("lost");
  ASSERT_FALSE(send(second_issue()).ok());
  ASSERT_TRUE(send(status_of(certificate_of("0000001", 2), "suspended", "valid")).ok());
  EXPECT_EQ(told(), "U 0003 02");
  EXPECT_EQ(platform_.of_last("infoVersion"), "002");
}

TEST_F(Index, WhatThePlatformLostIsToldAsNew) {
  ASSERT_TRUE(send(issue_).ok());
  platform_.forget();
  ASSERT_TRUE(send(status_of(certificate_, "suspended", "valid")).ok());
  EXPECT_EQ(told(), "I 0002 02");
  platform_.forget();
  EXPECT_TRUE(send(status_of(certificate_, "cancelled", "suspended")).ok());
  EXPECT_EQ(told(), "I 0002 02") << "what is not there needs not be taken away";
}

// A version that was refused is sent again by a person, after a later status was told.
TEST_F(Index, ALateVersionDoesNotTakeALaterStatusBack) {
  ASSERT_TRUE(send(issue_).ok());
  platform_.next("400");
  Message second = second_issue();
  second.order_number = ++order_;
  ASSERT_FALSE(send_again(second).ok());
  ASSERT_TRUE(send(status_of(certificate_, "suspended", "valid")).ok());
  EXPECT_EQ(told(), "U 0002 02");
  EXPECT_EQ(platform_.of_last("infoVersion"), "001");
  EXPECT_EQ(confirm(second), Confirmation::State::kAbsent);
  ASSERT_TRUE(send_again(second).ok());
  EXPECT_EQ(told(), "U 0003 02");
  EXPECT_EQ(platform_.of_last("infoVersion"), "002");
}

TEST_F(Index, WhatEndedMeanwhileIsNotToldAgain) {
  ASSERT_TRUE(send(issue_).ok());
  platform_.next("400");
  Message second = second_issue();
  second.order_number = ++order_;
  ASSERT_FALSE(send_again(second).ok());
  ASSERT_TRUE(send(status_of(certificate_, "cancelled", "valid")).ok());
  EXPECT_EQ(told(), "D 0002 04");
  ASSERT_TRUE(send_again(second).ok());
  EXPECT_EQ(told(), "D 0002 04");
}

// What a person delivers again of a message that others followed is how it stands now.
TEST_F(Index, WhatThePlatformLostIsDeliveredAgainAsItWasToldLast) {
  Message first = issue_;
  first.order_number = ++order_;
  ASSERT_TRUE(send_again(first).ok());
  ASSERT_TRUE(send(status_of(certificate_, "suspended", "valid")).ok());
  EXPECT_EQ(confirm(first), Confirmation::State::kPresent);
  platform_.forget();
  EXPECT_EQ(confirm(first), Confirmation::State::kAbsent);
  ASSERT_TRUE(send_again(first).ok());
  EXPECT_EQ(told(), "I 0003 02");
}

TEST_F(Index, AVerdictThatComesLaterLeavesADoubt) {
  platform_.next("202");
  const auto open = send(issue_);
  ASSERT_TRUE(open.ok()) << open.error().message;
  EXPECT_EQ(open.value().state, Receipt::State::kOpen);
  EXPECT_EQ(open.value().correlation, "r-1");
  EXPECT_EQ(confirm(issue_), Confirmation::State::kAbsent);
  ASSERT_TRUE(send(second_issue()).ok());
  EXPECT_EQ(told(), "I 0001 01");
}

TEST_F(Index, AnotherRowOfTheSameVersionIsDifferent) {
  platform_.next("gone");
  Message message = issue_;
  message.order_number = ++order_;
  ASSERT_FALSE(send_again(message).ok());
  // Somebody else tells the platform meanwhile.
  testing::FakeContext other(kPlugin + "plugin.xml", "index", kIndexOptions);
  other.lend("library", wire_);
  const auto theirs = make_index_reporter(other).value();
  const Message forwarded = issue_of(certificate_, "another file");
  ASSERT_TRUE(theirs->send(forwarded, testing::call_of("theirs", 10s)).ok());
  EXPECT_EQ(confirm(message), Confirmation::State::kDifferent);
  const auto again = send_again(message);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, "municipal.different");
}

TEST_F(Index, AWordThatIsNotToldIsNotTold) {
  std::string xml = shipped_dialect_text("province-index");
  const std::string told = R"(<word from="suspended" to="02" reason="限制"/>)";
  ASSERT_NE(xml.find(told), std::string::npos);
  xml.replace(xml.find(told), told.size(), R"(<word from="suspended" unsent="yes"/>)");
  const auto dialect = parse_dialect(xml, "x");
  ASSERT_TRUE(dialect.ok()) << dialect.error().message;
  IndexEntry entry;
  entry.held = true;
  IndexChange change;
  change.word = "suspended";
  EXPECT_FALSE(operation_for(dialect.value(), change, entry));
  change.word = "lost";
  EXPECT_EQ(operation_for(dialect.value(), change, entry), IndexOperation::kUpdate);
}

TEST(IndexDialect, ErrorsNameThePlace) {
  struct Case {
    const char* from;
    const char* to;
    const char* names;
  };
  for (
      const Case& c : {
          Case{R"(insert="I" )", "", "insert"},
          Case{R"(<row path="/ecert/api/index/report">)", "<row>", "path or by a statement"},
          Case{R"(from="file.digest")", R"(from="file.base64")", "file.base64"},
          Case{R"(<digest over="certificateCode)", R"(<digest over="nothing)", "nothing"},
          Case{R"(<digest over="certificateCode)", R"(<digest over="contentSm3)", "itself"},
          Case{R"(<word from="lost" to="02" reason="遗失"/>)", "", "no word for"},
          Case{
              R"(<call name="query" path="/ecert/api/index/query"><field name="entryCode" from="index.entry"/>)",
              R"(<call name="query" path="/q"><field name="entryCode" from="number"/>)",
              "who the entry is"},
          Case{R"(<field name="dataSource" text="BDC"/>)",
               R"(<field name="dataSource" as="object"><field name="a" text="b"/></field>)",
               "a text or an integer"},
      }) {
    std::string xml = shipped_dialect_text("province-index");
    const auto at = xml.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    xml.replace(at, std::string(c.from).size(), c.to);
    const auto dialect = parse_dialect(xml, "index.xml");
    ASSERT_FALSE(dialect.ok()) << c.to;
    EXPECT_EQ(dialect.error().code, "dialect.shape");
    EXPECT_NE(dialect.error().message.find(c.names), std::string::npos) << dialect.error().message;
  }
}

}  // namespace
}  // namespace certbridge::municipal_library

// An index that is told by rows of a front-end table: one row for each version, open until it is
// worked off, refused by a row of the table of errors.
#include "index_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "certbridge/certificate_type.h"
#include "certbridge/plugin.h"
#include "certbridge/record.h"
#include "certbridge/testing/contracts.h"
#include "library_fixture.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;

const std::string kManifestOfRows =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/plugin.xml";
const testing::Options kTables{{"dialect", "plugin:dialects/front-end-tables.xml"}};

// The tables, behind both adapters.
class Tables final : public Sink, public Responder {
 public:
  Result<Receipt> send(const Message& message, const Call&) override {
    EXPECT_EQ(message.type, "index-row");
    if (away) return Error::retryable("sql.connection", "the connection was lost");
    const Record row = parse_records(testing::body_of(message)).value().front().records.front();
    ++tries;
    if (!has(row.text_or_empty("cd_batch"))) {
      rows.push_back(row);
      worked_off.push_back(false);
    }
    if (!answers) return Error::retryable("sql.connection", "the connection was lost");
    return Receipt{};
  }
  Result<Confirmation> confirm(const Message&, const Call&) override { return Confirmation{}; }
  Result<Message> answer(const Message& question, const Call&) override {
    EXPECT_EQ(question.type, "index-verdict");
    const auto asked = parse_records(testing::body_of(question)).value();
    const std::string key = asked.front().records.front().text_or_empty("key");
    RecordSet row{"row", {}};
    RecordSet error{"error", {}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].text_or_empty("cd_batch") != key) continue;
      row.records.emplace_back().set("processed", worked_off[i] ? "1" : "0");
    }
    if (const auto found = errors.find(key); found != errors.end()) {
      error.records.emplace_back().set("reason", found->second);
    }
    return testing::message_of(question.type, kRecordsMediaType, write_records({row, error}));
  }
  std::string of_last(const char* column) const {
    return rows.empty() ? "" : rows.back().text_or_empty(column);
  }
  bool has(const std::string& batch) const {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const Record& row) { return row.text_or_empty("cd_batch") == batch; });
  }
  void work_off() { worked_off.assign(worked_off.size(), true); }
  void refuse(const std::string& reason) {
    errors[of_last("cd_batch")] = reason;
    work_off();
  }

  std::vector<Record> rows{};
  std::vector<bool> worked_off{};
  std::map<std::string, std::string> errors{};
  int tries = 0;
  bool away = false;
  bool answers = true;
};

class RowsPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "index-rows") return Plugin::make_sink(kind, context);
    return make_index_rows(context);
  }
};

TEST(IndexRowsContract, IsKept) {
  for (const testing::Through through : {testing::Through::kPlain, testing::Through::kWire}) {
    Tables tables;
    testing::FakeContext context(kManifestOfRows, "index-rows", kTables);
    context.lend("rows", static_cast<Sink&>(tables));
    context.lend("verdicts", static_cast<Responder&>(tables));
    RowsPlugin plugin;
    testing::check_sink_contract(
        {plugin, context, "index-rows"}, issue_of(certificate_of("0000001", 1), "sealed"),
        [&] { return static_cast<int>(tables.rows.size()); }, through);
  }
}

class IndexOfTables : public ::testing::Test {
 protected:
  IndexOfTables() {
    context_.lend("rows", static_cast<Sink&>(tables_));
    context_.lend("verdicts", static_cast<Responder&>(tables_));
    auto made = make_index_rows(context_);
    EXPECT_TRUE(made.ok()) << made.error().message;
    sink_ = std::move(made).value();
  }
  Result<Receipt> send(const Message& message) {
    auto receipt = sink_->send(message, testing::call_of(message.id, 10s));
    if (!receipt) context_.expect_declared(receipt.error());
    context_.memory().commit(message.id);
    return receipt;
  }
  Result<Confirmation> confirm(const Message& message) {
    auto answer = sink_->confirm(message, testing::call_of(message.id, 10s));
    context_.memory().commit(message.id);
    return answer;
  }
  // Its row is written, worked off and found so.
  void take(const Message& message) {
    ASSERT_TRUE(send(message).ok());
    tables_.work_off();
    const auto found = confirm(message);
    ASSERT_TRUE(found.ok()) << found.error().message;
    ASSERT_EQ(found.value().receipt->state, Receipt::State::kSettled);
  }
  static Message numbered(Message message, std::uint64_t order) {
    message.id += "/" + std::to_string(order);
    message.order_number = order;
    return message;
  }

  Tables tables_{};
  testing::FakeContext context_{kManifestOfRows, "index-rows", kTables};
  std::unique_ptr<Sink> sink_{};
  const Message issue_ = numbered(issue_of(certificate_of("0000001", 1), "sealed"), 1);
};

TEST_F(IndexOfTables, ARowIsOpenUntilItIsWorkedOff) {
  EXPECT_EQ(confirm(issue_).value().state, Confirmation::State::kAbsent);
  const auto receipt = send(issue_);
  ASSERT_TRUE(receipt.ok()) << receipt.error().message;
  EXPECT_EQ(receipt.value().state, Receipt::State::kOpen);
  EXPECT_EQ(receipt.value().correlation, tables_.of_last("cd_batch"));
  EXPECT_EQ(tables_.of_last("cd_operation"), "I");
  EXPECT_EQ(tables_.of_last("certificate_holder"), "𠮷某、南阳某有限公司、Smith J");
  EXPECT_EQ(confirm(issue_).value().receipt->state, Receipt::State::kOpen);
  tables_.work_off();
  EXPECT_EQ(confirm(issue_).value().receipt->state, Receipt::State::kSettled);
}

TEST_F(IndexOfTables, OnlyWhatATableShowsIsTold) {
  take(issue_);
  const Certificate certificate = certificate_of("0000001", 1);
  // No column says that it is suspended, or valid again.
  EXPECT_TRUE(send(numbered(status_of(certificate, "suspended", "valid"), 2)).ok());
  EXPECT_TRUE(send(numbered(status_of(certificate, "valid", "suspended"), 3)).ok());
  EXPECT_EQ(tables_.rows.size(), 1U);
  take(numbered(status_of(certificate, "cancelled", "valid"), 4));
  EXPECT_EQ(tables_.of_last("cd_operation"), "D");
  EXPECT_EQ(tables_.of_last("certificate_holder"), "𠮷某、南阳某有限公司、Smith J");
  EXPECT_NE(tables_.rows[0].text_or_empty("cd_batch"), tables_.of_last("cd_batch"));
}

TEST_F(IndexOfTables, ARefusalIsAVerdictAndTheNextRowHasAKeyOfItsOwn) {
  ASSERT_TRUE(send(issue_).ok());
  tables_.refuse("证照编号不合规范, 11010519491231002X");
  const auto refused = confirm(issue_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, kCodeRejected);
  EXPECT_NE(refused.error().message.find("证照编号不合规范"), std::string::npos);
  EXPECT_EQ(refused.error().message.find("11010519491231002"), std::string::npos);
  // What was never taken has no status.
  const auto status =
      send(numbered(status_of(certificate_of("0000001", 1), "cancelled", "valid"), 2));
  EXPECT_TRUE(status.ok() || status.error().code == kCodeNotHeld);
  EXPECT_EQ(tables_.rows.size(), 1U);
  // Replayed, it is another row.
  take(issue_);
  EXPECT_EQ(tables_.rows.size(), 2U);
  EXPECT_EQ(tables_.of_last("cd_operation"), "I");
  EXPECT_NE(tables_.rows[0].text_or_empty("cd_batch"), tables_.of_last("cd_batch"));
}

// The table of errors is filled hours later: the endpoint's `watch` finds it.
TEST_F(IndexOfTables, WhatIsRefusedAfterItWasWorkedOffIsMadeAnewAsWhatItWas) {
  const Certificate certificate = certificate_of("0000001", 1);
  const Message again = numbered(issue_of(certificate_of("0000001", 2), "sealed anew"), 2);
  const Message ended = numbered(status_of(certificate, "cancelled", "valid"), 3);
  std::size_t rows = 0;
  for (const auto& [message, operation] : {std::pair(issue_, "I"), {again, "U"}, {ended, "D"}}) {
    take(message);
    tables_.refuse("持证主体代码不存在");
    ASSERT_EQ(confirm(message).error().code, kCodeRejected);
    EXPECT_EQ(confirm(message).value().state, Confirmation::State::kAbsent) << "said once";
    take(message);
    rows += 2;
    EXPECT_EQ(tables_.rows.size(), rows);
    EXPECT_EQ(tables_.of_last("cd_operation"), operation);
  }
}

TEST_F(IndexOfTables, WhatAColumnCannotHoldIsRefusedBeforeItIsWritten) {
  Certificate certificate = certificate_of("0000001", 1);
  const Holder one = certificate.holders.back();
  certificate.holders.assign(37, one);  // seven characters and a separator each: 295
  const auto refused = send(numbered(issue_of(certificate, "sealed"), 1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "municipal.too_long");
  EXPECT_EQ(refused.error().severity, Severity::kPermanent);
  EXPECT_NE(refused.error().message.find("certificate_holder takes 256 characters"),
            std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().message.find("295"), std::string::npos) << refused.error().message;
  EXPECT_EQ(refused.error().message.find(one.name), std::string::npos) << "never the value";
  EXPECT_EQ(tables_.tries, 0);
  certificate.holders.assign(28, one);
  certificate.holders.front().name = "𠮷某";  // characters count, and not their bytes
  EXPECT_TRUE(send(numbered(issue_of(certificate, "sealed"), 1)).ok());
}

TEST_F(IndexOfTables, WhatIsRefusedBehindALaterRowIsInsertedAsItWasToldLast) {
  take(issue_);
  const std::string first = tables_.of_last("cd_batch");
  Certificate changed = certificate_of("0000001", 2);
  changed.holders.front().name = "改名某";
  const Message second = numbered(issue_of(changed, "sealed anew"), 2);
  take(second);
  const std::string holders = tables_.of_last("certificate_holder");
  ASSERT_NE(tables_.rows[0].text_or_empty("certificate_holder"), holders);
  EXPECT_EQ(confirm(issue_).value().state, Confirmation::State::kPresent);
  tables_.errors[first] = "证照编号不合规范";
  EXPECT_EQ(confirm(issue_).error().code, kCodeRejected);
  take(issue_);
  EXPECT_EQ(tables_.of_last("cd_operation"), "I");
  EXPECT_EQ(tables_.of_last("certificate_holder"), holders);
  EXPECT_EQ(tables_.rows.size(), 3U);
  EXPECT_EQ(confirm(issue_).value().state, Confirmation::State::kPresent);
  EXPECT_EQ(confirm(second).value().state, Confirmation::State::kPresent);
}

// The host lets the type wait then, and no certificate of it is at fault.
TEST_F(IndexOfTables, ARemarkMaySayThatTheTypeIsNotRegistered) {
  ASSERT_TRUE(send(issue_).ok());
  tables_.refuse("该证照类型未注册，请联系管理员");
  const auto refused = confirm(issue_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, kCodeTypeNotRegistered);
  EXPECT_EQ(refused.error().severity, Severity::kPermanent);
  take(issue_);
  EXPECT_EQ(tables_.rows.size(), 2U);
}

TEST_F(IndexOfTables, ALostAnswerIsAskedAboutAndTheSameRowWrittenAgain) {
  tables_.away = true;
  ASSERT_FALSE(send(issue_).ok());
  EXPECT_EQ(confirm(issue_).value().state, Confirmation::State::kAbsent);
  tables_.away = false;
  tables_.answers = false;
  ASSERT_FALSE(send(issue_).ok());
  EXPECT_EQ(confirm(issue_).value().receipt->state, Receipt::State::kOpen);
  ASSERT_FALSE(send(issue_).ok());
  EXPECT_EQ(tables_.tries, 2);
  EXPECT_EQ(tables_.rows.size(), 1U) << "both tries have the key of one row";
}

TEST_F(IndexOfTables, WhileAnEarlierRowHasNoVerdictALaterOneWaits) {
  ASSERT_TRUE(send(issue_).ok());
  const Message second = numbered(issue_of(certificate_of("0000001", 2), "sealed anew"), 2);
  const auto waits = send(second);
  ASSERT_FALSE(waits.ok());
  EXPECT_EQ(waits.error().code, "municipal.in_progress");
  tables_.work_off();
  ASSERT_TRUE(send(second).ok());
  EXPECT_EQ(tables_.of_last("cd_operation"), "U");
}

}  // namespace
}  // namespace certbridge::municipal_library

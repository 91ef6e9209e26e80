// The responder of questions as its host sees it, with a library that says what a test wants.
#include "queries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "asked_file.h"
#include "certbridge/plugin.h"
#include "certbridge/query.h"
#include "certbridge/testing/contracts.h"
#include "certbridge_sm/base64.h"
#include "dialect_files.h"
#include "find.h"

namespace certbridge::municipal_library {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

const std::string kHere = std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/municipal_library/";
const testing::Options kOptions{{"dialect", "plugin:dialects/epoint.xml"},
                                {"client-id", "certbridge"},
                                {"client-secret", "hush-hush"},
                                {"max-file", "1MB"},
                                {"file-addresses", "http://10.1.2.3:8080/temp/ => /temp/"}};
const AskedFor kAskedFor{"登记", "000111", "20260601-0001", "11411300MB1T000091", "u-7"};
const QueriedHolder kHolder{"王某", "111", "411302190101010018"};
const std::string kOfd = std::string("PK\x03\x04", 4) + "a file";

class QueriesPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind != "queries") return Plugin::make_responder(kind, context);
    return make_queries(context);
  }
};

Message about(const char* type, std::string xml) {
  return testing::message_of(type, kQueryMediaType, std::move(xml));
}
Message find_question(FindQuestion question) {
  question.asked_for = kAskedFor;
  return about(kFindQuestion, write_find_question(question));
}
Message by_holder() { return find_question({kHolder, {}, {}, {}, {}}); }
Message file_question() {
  return about(kFileQuestion, write_file_question({"f-1", "1.2.156.3005.2.x", kAskedFor}));
}
Message verify_question(const std::string& file) {
  Message message = about(kVerifyQuestion, write_verify_question({kAskedFor}));
  message.attachments = {testing::attachment_of("certificate.ofd", "application/ofd", file)};
  return message;
}

Message http(int status, std::string body) {
  Message message = testing::message_of("http.response", "application/json", std::move(body));
  message.headers["http-status"] = std::to_string(status);
  return message;
}
std::string envelope(const std::string& members) {
  return R"({"custom":{"code":"0000","text":"ok",)" + members + "}}";
}

// A library of dialect "epoint" that gives tokens and else says what it is told to.
class Queries : public ::testing::Test {
 protected:
  Queries() {
    context_.lend("library", wire_);
    wire_.answers_with([this](const Message& question, const Call&) -> Result<Message> {
      const std::string path = question.headers.at("http-path");
      if (path == "/epoint/rest/token") {
        return http(200, envelope(R"("access_token":"t","expires_in":1800)"));
      }
      asked_.push_back(question);
      if (failure_) return *failure_;
      return question.headers.at("http-method") == "GET" ? http(file_status_, file_)
                                                         : http(200, says_);
    });
  }
  void says(std::string body) { says_ = std::move(body); }
  void says_file(const std::string& kind, const std::string& content, const std::string& digest) {
    says(envelope(R"("contenttype":")" + kind + R"(","content":")" + content + R"(","filesm3":")" +
                  digest + "\""));
  }
  Result<Message> ask(const Message& question) {
    if (responder_ == nullptr) responder_ = make_queries(context_).value();
    auto answer = responder_->answer(question, testing::call_of("q", 10s));
    if (!answer) context_.expect_declared(answer.error());
    return answer;
  }
  FindAnswer found(const Message& question) {
    auto answer = ask(question);
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    if (!answer) return {};
    EXPECT_EQ(answer.value().media_type, kQueryMediaType);
    auto read = parse_find_answer(testing::body_of(answer.value()));
    EXPECT_TRUE(read.ok()) << read.error().message;
    return read ? read.value() : FindAnswer{};
  }
  std::string code_of(const Message& question) {
    auto answer = ask(question);
    return answer ? std::string() : answer.error().code;
  }
  // The parameters of the last call.
  std::string params() const {
    return json::serialize(json::parse(testing::body_of(asked_.back())).at("params"));
  }

  testing::FakeResponder wire_{};
  testing::FakeContext context_{kHere + "plugin.xml", "queries", kOptions};
  std::vector<Message> asked_{};
  std::optional<Error> failure_{};
  std::string file_{};
  int file_status_ = 200;

 private:
  std::string says_ = envelope(R"("certinfo":"")");
  std::unique_ptr<Responder> responder_{};
};

TEST_F(Queries, KeepsTheContract) {
  for (const testing::Through through : {testing::Through::kPlain, testing::Through::kWire}) {
    QueriesPlugin plugin;
    testing::check_responder_contract({plugin, context_, "queries"}, by_holder(), through);
  }
}

TEST_F(Queries, SayWhatForInTheLibrarysFields) {
  EXPECT_TRUE(found(by_holder()).found.empty());
  const std::string use =
      R"("usepurpose":"登记","useitem":"000111","usebasis":"20260601-0001","useunit":"11411300MB1T000091","useperson":"u-7"})";
  EXPECT_EQ(
      params(),
      R"({"certownerno":"411302190101010018","certownertype":"1","certownername":"王某",)" + use);
  EXPECT_TRUE(
      asked_.back().headers.at("http-path").starts_with("/epoint/rest/cert/search?access_token=t"));
  EXPECT_TRUE(found(find_question({{}, "1.2.156.3005.2.x", {}, {"T1", "T2"}, {}})).found.empty());
  EXPECT_EQ(params(), R"({"certificateidentifier":"1.2.156.3005.2.x",)" + use);
  EXPECT_TRUE(found(find_question({{}, {}, "豫（2026）第1号", {"T1", "T2"}, {}})).found.empty());
  EXPECT_EQ(params(), R"({"certno":"豫（2026）第1号","tycertcatcode":"T1^T2",)" + use);
  FindQuestion of_no_item{kHolder, {}, {}, {}, {"协助执行", "", "（2026）豫13执1号", "", ""}};
  EXPECT_TRUE(found(about(kFindQuestion, write_find_question(of_no_item))).found.empty());
  EXPECT_EQ(params(),
            R"({"certownerno":"411302190101010018","certownertype":"1","certownername":"王某",)"
            R"("usepurpose":"协助执行","useitem":"无","usebasis":"（2026）豫13执1号"})");
}

TEST(QueriesPurposes, AreToldInTheLibrarysWords) {
  Dialect dialect = shipped_dialect("linewell");
  dialect.ask.purposes["registration"] = "登记";
  Asked asked;
  asked.asked_for = {"registration", "", "1", "", ""};
  EXPECT_EQ(asked_value("asked.purpose", asked, dialect), "登记");
  EXPECT_EQ(asked_value("asked.category", asked, dialect), "1");
  EXPECT_EQ(asked_value("asked.item", asked, dialect), std::nullopt);
  asked.asked_for = {"other", "000111", "1", "", ""};
  EXPECT_EQ(asked_value("asked.purpose", asked, dialect), "other");
  EXPECT_EQ(asked_value("asked.category", asked, dialect), "0");
  asked.holder.code_type = "111";
  EXPECT_EQ(asked_value("asked.holder.type", asked, shipped_dialect("epoint")), "1");
  asked.holder.code_type = "414";
  EXPECT_EQ(asked_value("asked.holder.type", asked, shipped_dialect("epoint")), "99");
}

TEST_F(Queries, FindCertificatesOfSeveralTypes) {
  says(envelope(R"("certinfo":[{"certificateidentifier":"1","tycertcatcode":"T1","status":"正常"},
                               {"certificateidentifier":"2","tycertcatcode":"T2","民族":"汉"},
                               {"certificateidentifier":"3","tycertcatcode":"T3"}])"));
  const FindAnswer all = found(by_holder());
  ASSERT_EQ(all.found.size(), 3U);
  EXPECT_EQ(all.found[0].status, "valid");
  EXPECT_EQ(all.found[1].fields[0].name, "民族");
  EXPECT_FALSE(all.as_of.has_value());
  const FindAnswer some = found(find_question({kHolder, {}, {}, {"T1", "T3"}, {}}));
  ASSERT_EQ(some.found.size(), 2U) << "what is not wanted is left out, whatever the library does";
  EXPECT_EQ(some.found[1].identifier, "3");
}

TEST_F(Queries, DataAreOfTheTimeThatTheLibrarySays) {
  const Timestamp midnight = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 16h;
  for (const char* said : {"2026-11-24 00:00:00", "20261124000000", "2026-11-23T16:00:00Z"}) {
    says(envelope(R"("certinfo":[{"certificateidentifier":"1"}],"datatime":")" + std::string(said) +
                  "\""));
    EXPECT_EQ(found(by_holder()).as_of, midnight) << said;
  }
  for (const char* said : {"\"yesterday\"", "\"\"", "\"20261324000000\"", "null", "[]"}) {
    says(envelope(R"("certinfo":[{"certificateidentifier":"1"}],"datatime":)" + std::string(said)));
    EXPECT_FALSE(found(by_holder()).as_of.has_value()) << said;
  }
}

TEST_F(Queries, NothingFoundIsAnEmptyAnswer) {
  for (const char* nothing : {R"("certinfo":"")", R"("certinfo":null)", R"("certinfo":[])",
                              R"("certinfo":{})", R"("other":1)"}) {
    says(envelope(nothing));
    EXPECT_TRUE(found(by_holder()).found.empty()) << nothing;
  }
  says(R"({"custom":{"code":"2010","text":"未找到"}})");
  EXPECT_TRUE(found(by_holder()).found.empty());
}

TEST_F(Queries, OthersThanTheOneAskedForAreGarbled) {
  says(envelope(R"("certinfo":[{"certificateidentifier":"1","certno":"N-1"}])"));
  EXPECT_EQ(found(find_question({{}, "1", {}, {}, {}})).found.size(), 1U);
  EXPECT_EQ(code_of(find_question({{}, "2", {}, {}, {}})), "municipal.garbled");
  EXPECT_EQ(found(find_question({{}, {}, "Ｎ-１", {}, {}})).found.size(), 1U);
  EXPECT_EQ(code_of(find_question({{}, {}, "N-2", {}, {}})), "municipal.garbled");
}

TEST_F(Queries, ErrorsAreThoseOfTheCollector) {
  const std::pair<const char*, const char*> codes[] = {
      {"2002", "municipal.refused"},       {"2009", "municipal.type_unregistered"},
      {"3000", "municipal.busy"},          {"3001", "municipal.throttled"},
      {"8888", "municipal.unknown_code"},  {"0001", "municipal.unknown_code"},
      {"1001", "municipal.authentication"}};
  for (const auto& [said, code] : codes) {
    says(std::string(R"({"custom":{"code":")") + said + R"(","text":"x"}})");
    EXPECT_EQ(code_of(by_holder()), code) << said;
  }
  for (const char* body : {"", "<html>", "{}", R"({"custom":{"code":"0000")"}) {
    says(body);
    EXPECT_EQ(code_of(by_holder()), "municipal.garbled") << body;
  }
  failure_ = Error::retryable("http.timeout", "too late");
  EXPECT_EQ(code_of(by_holder()), "municipal.unreachable");
}

TEST_F(Queries, WhoWasAskedForIsNotRepeated) {
  says(R"({"custom":{"code":"2002","text":"王某 411302190101010018 查询被拒, 操作人 u-7"}})");
  const auto refused = ask(by_holder());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message.find("王某"), std::string::npos) << refused.error().message;
  EXPECT_EQ(refused.error().message.find("u-7"), std::string::npos) << refused.error().message;
  EXPECT_NE(refused.error().message.find("查询被拒"), std::string::npos);
}

TEST_F(Queries, QuestionsThatAreNone) {
  EXPECT_EQ(code_of(about("certificates.count", "<find/>")), "municipal.question");
  EXPECT_EQ(code_of(about(kFindQuestion, "<find/>")), "municipal.question");
  EXPECT_EQ(code_of(about(kFileQuestion, write_find_question({kHolder, {}, {}, {}, {}}))),
            "municipal.question");
  Message no_file = verify_question("x");
  no_file.attachments.clear();
  EXPECT_EQ(code_of(no_file), "municipal.question");
  Message empty = by_holder();
  empty.body = nullptr;
  EXPECT_EQ(code_of(empty), "municipal.question");
}

LibraryCaller caller_of(Dialect dialect, Responder& wire) {
  return LibraryCaller(
      {std::move(dialect), "id", "secret", {}}, wire, [] { return Timestamp(); },
      [] { return std::chrono::steady_clock::now(); },
      [](std::size_t size) { return std::string(size, 'r'); });
}

// Where a library takes one type at a time, each is asked for; what it says again counts once.
TEST(QueriesByType, AreOneCallForEachType) {
  Dialect dialect = shipped_dialect("epoint");
  for (Field& field : dialect.ask.by_holder.fields) {
    if (field.from == "asked.types") field.from = "asked.type";
  }
  testing::FakeResponder wire;
  std::vector<std::string> types;
  wire.answers_with([&](const Message& question, const Call&) -> Result<Message> {
    if (question.headers.at("http-path") == "/epoint/rest/token")
      return http(200, envelope(R"("access_token":"t","expires_in":1800)"));
    const json::value params = json::parse(testing::body_of(question)).at("params");
    const json::value* type = params.as_object().if_contains("tycertcatcode");
    types.push_back(type == nullptr ? "" : std::string(std::string_view(type->as_string())));
    return http(200, envelope(R"("certinfo":[{"certificateidentifier":"1","tycertcatcode":"T1"},
                                             {"certificateidentifier":")" +
                              types.back() + R"(","certno":"n","tycertcatcode":"T2"}])"));
  });
  LibraryCaller caller = caller_of(dialect, wire);
  const auto ask = [&](std::vector<std::string> wanted) {
    types.clear();
    return find_certificates(caller, {kHolder, {}, {}, std::move(wanted), kAskedFor},
                             testing::call_of("q", 10s))
        .value()
        .found.size();
  };
  EXPECT_EQ(ask({"T1", "T2"}), 3U) << "1, T1 and T2";
  EXPECT_EQ(types, (std::vector<std::string>{"T1", "T2"}));
  ask({});
  EXPECT_EQ(types, std::vector<std::string>{""});
}

// Gives `size` bytes in Base64 inside an answer that never stands anywhere.
class LargeAnswer final : public Content {
 public:
  explicit LargeAnswer(std::uint64_t groups) : groups_(groups) {}
  std::uint64_t size() const override { return kHead.size() + 4 * groups_ + kTail.size(); }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
    const std::uint64_t count = std::min<std::uint64_t>(into.size(), size() - offset);
    for (std::uint64_t i = 0; i < count; ++i) into[i] = std::byte(at(offset + i));
    return static_cast<std::size_t>(count);
  }

 private:
  char at(std::uint64_t place) const {
    if (place < kHead.size()) return kHead[place];
    place -= kHead.size();
    return place < 4 * groups_ ? "JVBE"[place % 4] : kTail[place - 4 * groups_];
  }
  const std::string kHead = R"({"custom":{"code":"0000","content":")";
  const std::string kTail = R"(","contenttype":"base64"}})";
  std::uint64_t groups_;
};

// Counts what it takes and keeps nothing.
class CountingWriter final : public ContentWriter {
 public:
  CountingWriter(std::uint64_t& total, std::size_t& largest) : total_(total), largest_(largest) {}
  Result<void> write(std::span<const std::byte> bytes) override {
    total_ += bytes.size();
    largest_ = std::max(largest_, bytes.size());
    return {};
  }
  Result<StoredContent> finish() override { return StoredContent{content_of("%PDF-"), total_, {}}; }

 private:
  std::uint64_t& total_;
  std::size_t& largest_;
};

TEST(QueriedFiles, NeverStandInMemory) {
  constexpr std::uint64_t kGroups = 10'000'000;  // 30 MB
  testing::FakeResponder wire;
  wire.answers_with([=](const Message& question, const Call&) -> Result<Message> {
    if (question.headers.at("http-path") == "/epoint/rest/token")
      return http(200, envelope(R"("access_token":"t","expires_in":1800)"));
    Message answer = http(200, "");
    answer.body = std::make_shared<LargeAnswer>(kGroups);
    return answer;
  });
  LibraryCaller caller = caller_of(shipped_dialect("epoint"), wire);
  std::uint64_t total = 0;
  std::size_t largest = 0;
  FileSettings settings;
  settings.spool = [&]() -> Result<std::unique_ptr<ContentWriter>> {
    return std::unique_ptr<ContentWriter>(std::make_unique<CountingWriter>(total, largest));
  };
  const auto file = fetch_file(caller, settings, {"f", "1", kAskedFor}, testing::call_of("q", 60s));
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(total, 3 * kGroups);
  EXPECT_LE(largest, 64U * 1024);
}

Attachment only_file(const Result<Message>& answer) {
  EXPECT_TRUE(answer.ok()) << answer.error().message;
  if (!answer || answer.value().attachments.size() != 1) return {};
  return answer.value().attachments[0];
}

TEST_F(Queries, AFileInBase64) {
  says_file("base64", sm::base64_encode(kOfd), to_hex(testing::sm3_of(kOfd)));
  const Attachment file = only_file(ask(file_question()));
  ASSERT_NE(file.content, nullptr);
  EXPECT_EQ(read_all(*file.content, 1000).value(), kOfd);
  EXPECT_EQ(file.name, "certificate.ofd");
  EXPECT_EQ(file.media_type, "application/ofd");
  EXPECT_EQ(file.size, kOfd.size());
  EXPECT_EQ(file.digest, testing::sm3_of(kOfd));
  EXPECT_NE(
      params().find(R"("fileguid":"f-1","certificateidentifier":"1.2.156.3005.2.x","usepurpose")"),
      std::string::npos);
}

TEST_F(Queries, FilesOfOtherForms) {
  const std::pair<std::string, const char*> forms[] = {{"%PDF-1.7 x", "certificate.pdf"},
                                                       {"\xff\xd8\xff\xe0", "certificate.jpg"},
                                                       {"\x89PNG\r\n\x1a\n", "certificate.png"},
                                                       {"anything", "certificate.bin"}};
  for (const auto& [bytes, name] : forms) {
    says_file("base64", sm::base64_encode(bytes), "");
    EXPECT_EQ(only_file(ask(file_question())).name, name);
  }
}

TEST_F(Queries, FilesThatAreNone) {
  const std::string base64 = sm::base64_encode(kOfd);
  const std::string digest = to_hex(testing::sm3_of(kOfd));
  const auto code = [&](const std::string& kind, const std::string& content,
                        const std::string& stated) {
    says_file(kind, content, stated);
    return code_of(file_question());
  };
  EXPECT_EQ(code("base64", base64, digest), "");
  EXPECT_EQ(code("base64", base64, std::string(64, 'a')), "municipal.file_damaged");
  EXPECT_EQ(code("base64", base64, "md5"), "municipal.garbled");
  EXPECT_EQ(code("base64", "", digest), "municipal.garbled");
  EXPECT_EQ(code("base64", "=" + base64, digest), "municipal.garbled");
  EXPECT_EQ(code("base64", base64 + "A", digest), "municipal.garbled");
  EXPECT_EQ(code("stream", base64, digest), "municipal.garbled");
  EXPECT_EQ(code("base64", sm::base64_encode("<html>expired</html>"), ""), "municipal.garbled");
  EXPECT_EQ(code("base64", sm::base64_encode(std::string(1'000'001, 'x')), ""),
            "content.too_large");
  says(envelope(R"("contenttype":"base64")"));
  EXPECT_EQ(code_of(file_question()), "municipal.garbled") << "no content at all";
  says(envelope(R"("contenttype":"base64","certificateidentifier":"other","content":")" + base64 +
                "\""));
  EXPECT_EQ(code_of(file_question()), "municipal.garbled") << "another certificate's";
  says(R"({"custom":{"code":"2010","text":"未找到"}})");
  EXPECT_EQ(code_of(file_question()), "municipal.not_found");
  says(R"({"custom":{"code":"1001","text":"x"}})");
  EXPECT_EQ(code_of(file_question()), "municipal.authentication");
}

TEST_F(Queries, AFileAtAnAddress) {
  file_ = kOfd;
  says_file("url", "http://10.1.2.3:8080/temp/abc?k=1", to_hex(testing::sm3_of(kOfd)));
  const Attachment file = only_file(ask(file_question()));
  ASSERT_NE(file.content, nullptr);
  EXPECT_EQ(read_all(*file.content, 1000).value(), kOfd);
  EXPECT_EQ(file.digest, testing::sm3_of(kOfd));
  EXPECT_EQ(asked_.back().headers.at("http-path"), "/temp/abc?k=1");
  EXPECT_EQ(asked_.back().headers.at("http-method"), "GET");
}

TEST_F(Queries, AddressesThatAreNotAsked) {
  says_file("url", "http://169.254.169.254/latest/", "");
  EXPECT_EQ(code_of(file_question()), "municipal.file_address");
  EXPECT_EQ(asked_.back().headers.at("http-method"), "POST") << "nothing was fetched";
  const std::pair<int, const char*> statuses[] = {
      {302, "municipal.file_address"}, {304, "municipal.file_address"},
      {404, "municipal.not_found"},    {410, "municipal.not_found"},
      {204, "municipal.garbled"},      {206, "municipal.garbled"},
      {403, "municipal.permission"},   {503, "municipal.busy"},
      {418, "municipal.http_status"}};
  says_file("url", "http://10.1.2.3:8080/temp/abc", "");
  file_ = kOfd;
  for (const auto& [status, code] : statuses) {
    file_status_ = status;
    EXPECT_EQ(code_of(file_question()), code) << status;
  }
  file_status_ = 200;
  file_ = "<html>gone</html>";
  EXPECT_EQ(code_of(file_question()), "municipal.garbled");
  file_ = "";
  EXPECT_EQ(code_of(file_question()), "municipal.garbled");
  file_ = std::string(1'000'001, 'x');
  EXPECT_EQ(code_of(file_question()), "content.too_large");
}

VerifyAnswer verdict_in(const Result<Message>& answer) {
  EXPECT_TRUE(answer.ok()) << answer.error().message;
  if (!answer) return {};
  return parse_verify_answer(testing::body_of(answer.value())).value();
}

TEST_F(Queries, VerifyAFile) {
  says(envelope(
      R"("verifyresult":"1","certificateidentifier":"1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.20200000001.001.R","status":"正常")"));
  const VerifyAnswer genuine = verdict_in(ask(verify_question(kOfd)));
  EXPECT_EQ(genuine.verdict, VerifyAnswer::Verdict::kGenuine);
  EXPECT_EQ(genuine.status, "valid");
  EXPECT_TRUE(genuine.identifier.ends_with("001.R"));
  EXPECT_TRUE(params().starts_with(R"({"filename":"certificate.ofd","filesize":10,"sm3":")" +
                                   to_hex(testing::sm3_of(kOfd)) + R"(","content":")" +
                                   sm::base64_encode(kOfd) + R"(","usepurpose":"登记")"))
      << params();
  const std::pair<const char*, VerifyAnswer::Verdict> results[] = {
      {"0", VerifyAnswer::Verdict::kNotGenuine},
      {"2", VerifyAnswer::Verdict::kCannotTell},
      {"77", VerifyAnswer::Verdict::kCannotTell},
      {"", VerifyAnswer::Verdict::kCannotTell}};
  for (const auto& [result, verdict] : results) {
    says(envelope(std::string(R"("verifyresult":")") + result + "\""));
    EXPECT_EQ(verdict_in(ask(verify_question(kOfd))).verdict, verdict) << result;
  }
  says(R"({"custom":{"code":"2010","text":"王某的证照未找到"}})");
  const VerifyAnswer unknown = verdict_in(ask(verify_question(kOfd)));
  EXPECT_EQ(unknown.verdict, VerifyAnswer::Verdict::kCannotTell);
  EXPECT_EQ(unknown.reason.find("王某"), std::string::npos);
  EXPECT_EQ(code_of(verify_question(std::string(1'000'001, 'x'))), "content.too_large");
}

TEST(QueriesOptions, AreChecked) {
  testing::FakeResponder wire;
  testing::Options options = kOptions;
  options["file-addresses"] = "anything";
  testing::FakeContext context(kHere + "plugin.xml", "queries", options);
  context.lend("library", wire);
  const auto made = make_queries(context);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, "municipal.option");
  context.expect_declared(made.error());
}

}  // namespace
}  // namespace certbridge::municipal_library

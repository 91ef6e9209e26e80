// Messages are searched by operation: asked in the body, answered without a person's data.
#include <fstream>
#include <sstream>

#include "cli/personal_values.h"
#include "operate_fixture.h"
#include "sample_certificate.h"
#include "search/search_follower.h"

namespace certbridge::host {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kCitizen = "11010519491231002X";

class MessagesTest : public OperateTest {
 protected:
  MessagesTest() {
    configuration_.data_folder = folder_.string();
    // What a reader makes of an event: the certificate of its holder.
    add_processor("reader").on_process = [](const Message& message, const Call&) {
      Message made = message;
      made.type = "certificate.issue";
      made.media_type = kCertificateMediaType;
      Certificate it = sample_certificate();
      made.headers["certificate-number"] = it.number.raw();
      made.headers["certificate-number-normalised"] = it.number.normalised();
      made.headers["identifier"] = it.identifier.text();
      made.body = content_of(write_certificate(it));
      return std::vector<Message>{made};
    };
    add_sink("library");
    add_route("main", "", {process("reader"), deliver("library")});
    start();
  }
  std::string issued() {
    const std::string id = accept(event("e1")).id;
    EXPECT_TRUE(message_becomes(id, MessageState::kDone));
    return id + "/0";
  }
};

TEST_F(MessagesTest, ByHolderByNumberAndByCase) {
  const std::string id = issued();
  for (const ParameterValues& asked : std::vector<ParameterValues>{
           {{"holder", kCitizen}},
           {{"holder", "440524188001010014"}},  // each of several
           {{"holder-name", "乙 某"}},
           {{"certificate", "豫(2026)南阳市不动产权第0000001号"}},
           {{"certificate", "豫（2026）南阳市不动产权第0000001号"}, {"holder", kCitizen}},
           {{"holder", kCitizen}, {"state", "done"}, {"from", "2020-01-01"}}}) {
    const OperationAnswer answer = done(kOperatorKey, "messages search", asked);
    ASSERT_EQ(rows_of(answer, "messages"), 1U) << asked.begin()->first;
    EXPECT_EQ(cell_of(answer, "messages", 0, "message"), id);
    EXPECT_EQ(cell_of(answer, "messages", 0, "state"), "done");
    EXPECT_EQ(value_of(answer, "next"), "0");
    EXPECT_EQ(value_of(answer, "not searched"), "0");
  }
  EXPECT_EQ(rows_of(done(kOperatorKey, "messages search", {{"case", "C1"}}), "messages"), 2U);
  const OperationAnswer page = done(kOperatorKey, "messages search", {{"limit", "1"}});
  EXPECT_EQ(rows_of(page, "messages"), 1U);
  const OperationAnswer next =
      done(kOperatorKey, "messages search", {{"cursor", value_of(page, "next")}});
  EXPECT_EQ(cell_of(next, "messages", 0, "message"), id.substr(0, id.find('/')));
  EXPECT_EQ(rows_of(done(kOperatorKey, "messages search", {{"holder", "nobody"}}), "messages"), 0U);
  EXPECT_EQ(
      rows_of(done(kOperatorKey, "messages search", {{"holder", kCitizen}, {"state", "parked"}}),
              "messages"),
      0U);
}

TEST_F(MessagesTest, NoPersonStandsInAnAddressOrInAnAnswer) {
  issued();
  const OperationResponse answer = ask(kOperatorKey, "messages search", {{"holder", kCitizen}});
  EXPECT_THAT(answer.body, Not(HasSubstr(kCitizen)));
  EXPECT_THAT(answer.body, Not(HasSubstr("某")));
  EXPECT_THAT(answer.body, Not(HasSubstr("不动产权第")));
  const Operation* search = operation_at("/api/1/messages/search");
  ASSERT_NE(search, nullptr);
  EXPECT_STREQ(search->method(), "POST");
  OperationRequest request;
  request.key = kOperatorKey;
  request.method = "GET";
  request.target = search->path() + "?holder=" + kCitizen;
  EXPECT_EQ(desk().answer(request).status, 405);
  request.method = "POST";
  const OperationResponse refused = desk().answer(request);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, Not(HasSubstr(kCitizen)));
}

TEST_F(MessagesTest, WhatIsAskedWronglyIsRefused) {
  EXPECT_EQ(refused(400, kOperatorKey, "messages search", {{"state", "gone"}}),
            "operate.parameter");
  EXPECT_EQ(refused(400, kOperatorKey, "messages search", {{"from", "yesterday"}}),
            "operate.parameter");
  EXPECT_EQ(refused(401, "nobody", "messages search", {}), "operate.nobody");
}

TEST_F(MessagesTest, AFollowerKeepsTheIndexBehindTheJournal) {
  const SearchFollower follower({folder_.string()}, store_->search_source(), clock_, *logger_,
                                std::chrono::milliseconds(1));
  issued();
  const SearchFolder folder(folder_.string());
  const auto newest = store_->search_source().newest().value();
  EXPECT_TRUE(eventually([&] {
    const auto months = folder.months();
    return !months.empty() && SearchFile::open_to_read(folder.file_of(months.back()),
                                                       store_->search_source().identity())
                                      ->ends() == newest;
  }));
  EXPECT_EQ(rows_of(done(kOperatorKey, "messages search", {{"holder", kCitizen}}), "messages"), 1U);
}

TEST_F(MessagesTest, PersonalValuesAreReadFromElsewhere) {
  const Operation& search = *operation_at("/api/1/messages/search");
  const std::string file = (folder_ / "holder").string();
  std::ofstream(file) << "李四\nignored\n";
  std::istringstream input("11010519491231002X\r\nsecond\n");
  ParameterValues values{{"holder", "-"}, {"holder-name", "@" + file}, {"case", "-"}};
  ASSERT_TRUE(read_personal_values(search, input, values).ok());
  EXPECT_EQ(values.at("holder"), kCitizen);
  EXPECT_EQ(values.at("holder-name"), "李四");
  EXPECT_EQ(values.at("case"), "-");  // tells of no person
  values = {{"holder", "@/not/there"}};
  EXPECT_EQ(read_personal_values(search, input, values).error().code, "operate.parameter");
  std::istringstream nothing;
  values = {{"holder", "-"}};
  EXPECT_EQ(read_personal_values(search, nothing, values).error().code, "operate.parameter");
  values = {{"holder", "given"}};
  ASSERT_TRUE(read_personal_values(search, nothing, values).ok());
  EXPECT_EQ(values.at("holder"), "given");
}

}  // namespace
}  // namespace certbridge::host

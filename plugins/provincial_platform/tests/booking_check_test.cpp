// What a vendor is told of the rows of a case before anything is sent.
#include "booking/booking_check.h"

#include <gtest/gtest.h>

#include "booking_samples.h"
#include "certbridge/testing/contracts.h"
#include "certbridge/testing/loaded_plugin.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using certbridge::testing::body_of;
using certbridge::testing::call_of;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeResponder;
using certbridge::testing::Through;

const std::string kCheckPlugin =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/provincial_platform/";

Message records_message(const std::string& type, const std::vector<RecordSet>& sets) {
  Message message;
  message.type = type;
  message.media_type = kRecordsMediaType;
  message.body = content_of(write_records(sets));
  return message;
}

Message question_about(const std::string& case_number) {
  Record row;
  row.set("case_no", case_number);
  return records_message("bookings.check", {{"parameters", {row}}});
}

class BookingCheckTest : public ::testing::TestWithParam<Through> {
 protected:
  BookingCheckTest() {
    records_.answers_with([this](const Message& question, const Call&) -> Result<Message> {
      asked_ = body_of(question);
      return records_message(question.type, rows_);
    });
    context_.lend("records", records_);
  }
  std::vector<Record> judged() {
    const auto answer =
        make_booking_check(context_).value()->answer(question_about("C1"), call_of("c", 5s));
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    const auto sets = parse_records(body_of(answer.value())).value();
    EXPECT_EQ(sets.at(0).name, "bookings");
    return sets.at(0).records;
  }

  const Profile profile_ = shipped_profile("v1");
  std::vector<RecordSet> rows_ = sample_facts(profile_, "1000301");
  std::string asked_{};
  FakeResponder records_{};
  FakeContext context_{kCheckPlugin + "plugin.xml",
                       "booking-check",
                       {{"profile", kCheckPlugin + "profiles/v1.xml"},
                        {"patch", kCheckPlugin + "profiles/example-patch.xml"}}};
};

TEST_F(BookingCheckTest, EachBookingIsWholeIncompleteOrWrong) {
  EXPECT_EQ(judged().at(0).text_or_empty("state"), "whole");
  EXPECT_EQ(judged().at(0).text_or_empty("kind"), "1000301");
  EXPECT_EQ(judged().at(0).text_or_empty("unit"), "990101001001GB00001F00010002");
  EXPECT_NE(asked_.find("C1"), std::string::npos);
  change(rows_, "KTT_ZDJBXX", "zdmj", "八百平方米");
  EXPECT_EQ(judged().at(0).text_or_empty("state"), "wrong");
  const std::string said = judged().at(0).text_or_empty("sentence");
  EXPECT_NE(said.find("KTT_ZDJBXX row 1, attribute ZDMJ"), std::string::npos) << said;
  EXPECT_EQ(said.find("八百"), std::string::npos) << said;
  drop_set(rows_, "KTT_ZDJBXX");
  EXPECT_EQ(judged().at(0).text_or_empty("state"), "incomplete");
  EXPECT_NE(judged().at(0).text_or_empty("sentence").find("KTT_ZDJBXX"), std::string::npos);
}

TEST_F(BookingCheckTest, ACaseWithoutBookingsHasNoRows) {
  rows_ = {{"head", {}}, {"ZTT_GY_QLR", {}}};
  EXPECT_TRUE(judged().empty());
}

TEST_F(BookingCheckTest, AQuestionOfAnotherShapeIsRefused) {
  const auto check = make_booking_check(context_).value();
  Message plain = question_about("C1");
  plain.media_type = "text/plain";
  for (const Message& wrong :
       {plain, records_message("bookings.check", {}),
        records_message("bookings.check", {{"parameters", {Record{}, Record{}}}})}) {
    const auto answer = check->answer(wrong, call_of("c", 5s));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "provincial.facts");
  }
}

TEST_P(BookingCheckTest, KeepsWhatAResponderOwes) {
  const auto plugin = certbridge::testing::load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  certbridge::testing::check_responder_contract({*plugin, context_, "booking-check"},
                                                question_about("C1"), GetParam());
  context_.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, BookingCheckTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform

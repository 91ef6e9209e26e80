// What a vendor is told of the rows of a case before anything is sent.
#include "booking/booking_check.h"

#include <gtest/gtest.h>

#include "plugin_test.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

Message question_about(const std::string& case_number) {
  Record row;
  row.set("case_no", case_number);
  return question_of("bookings.check", row);
}

class BookingCheckTest : public RowsTest {
 protected:
  BookingCheckTest()
      : RowsTest("booking-check", {{"profile", plugin_file("profiles/v1.xml")},
                                   {"patch", plugin_file("profiles/example-patch.xml")}}) {
    rows_ = sample_facts(shipped_profile("v1"), "1000301");
  }
  std::vector<Record> judged() {
    const auto answer =
        make_booking_check(context_).value()->answer(question_about("C1"), call_of("c", 5s));
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    const auto sets = parse_records(body_of(answer.value())).value();
    EXPECT_EQ(sets.at(0).name, "bookings");
    return sets.at(0).records;
  }
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
  const Message two = rows_message({{"parameters", {Record{}, Record{}}}});
  for (Message wrong : {plain, rows_message({}), two}) {
    wrong.type = plain.type;
    const auto answer = check->answer(wrong, call_of("c", 5s));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "provincial.facts");
  }
}

TEST_P(BookingCheckTest, KeepsWhatAResponderOwes) {
  const auto plugin = load_plugin(PROVINCIAL_PLATFORM_LIBRARY);
  check_responder_contract({*plugin, context_, "booking-check"}, question_about("C1"), GetParam());
  context_.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, BookingCheckTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::provincial_platform

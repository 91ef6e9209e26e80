#include <gtest/gtest.h>

#include "certbridge/message.h"

namespace certbridge {
namespace {

using namespace std::chrono_literals;

TEST(MessageTime, ReadsUtcAndLocal) {
  const Timestamp eight = std::chrono::sys_days(std::chrono::year(2026) / 6 / 2) + 1h + 2min + 3s;
  EXPECT_EQ(parse_message_time("2026-06-02T01:02:03Z"), eight);
  EXPECT_EQ(parse_message_time("2026-06-02T01:02:03.123Z"), eight);
  EXPECT_EQ(parse_message_time("2026-06-02 09:02:03"), eight);
  for (const char* wrong :
       {"", "2026-06-02", "2026-13-02T01:02:03Z", "2026-02-30T01:02:03Z", "2026-06-02T24:02:03Z",
        "2026/06/02T01:02:03Z", "2026-06-02x01:02:03Z", "2026-06-02 09:02:0x"}) {
    EXPECT_FALSE(parse_message_time(wrong).has_value()) << wrong;
  }
}

TEST(MessageHeaders, AreEmptyWhereThereIsNone) {
  Message message;
  message.headers["case-no"] = "C1";
  EXPECT_EQ(header_of(message, "case-no"), "C1");
  EXPECT_EQ(header_of(message.headers, "case-no"), "C1");
  EXPECT_EQ(header_of(message, "case"), "");
}

}  // namespace
}  // namespace certbridge

#include "certbridge/text.h"

#include <gtest/gtest.h>

namespace certbridge {
namespace {

TEST(Text, CharactersOutsideTheBasicPlaneSurvive) {
  const std::string name = "𠮷田𬱖";
  EXPECT_TRUE(check_text(name).ok());
  const auto points = decode_utf8(name);
  ASSERT_TRUE(points.has_value());
  EXPECT_EQ(points->size(), 3U);
  EXPECT_EQ(encode_utf8(*points), name);
}

TEST(Text, RefusesWhatIsNotUtf8) {
  for (const char* text : {"\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                           "a\xe4\xb8", "\xd6\xd0\xb9\xfa" /* GB18030 */}) {
    const auto checked = check_text(text);
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().code, "text.encoding");
  }
}

TEST(Text, RefusesControlCharacters) {
  EXPECT_TRUE(check_text("a\r\n\tb").ok());
  for (const std::string& text : {std::string("a\0b", 3), std::string("\x1b"), std::string("\x7f"),
                                  std::string("\xc2\x85"), std::string("\xef\xbf\xbe")}) {
    const auto checked = check_text(text);
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().code, "text.control_character");
  }
}

TEST(Text, FoldsWidthAndBlanks) {
  EXPECT_EQ(fold_width_and_blanks("（１２）　Ａ b\t𠮷"), "(12)Ab𠮷");
  EXPECT_EQ(fold_width_and_blanks("\xff"), "\xff");
}

TEST(Text, IsPartOfAnAddress) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("a b/?&=%+\"土"), "a%20b%2F%3F%26%3D%25%2B%22%E5%9C%9F");
}

TEST(Text, OfBytesIsPairsOfHexadecimalDigits) {
  EXPECT_EQ(to_hex_text(std::string_view("\0\x09\xAFz", 4)), "0009af7a");
  EXPECT_EQ(to_hex_text(""), "");
}

TEST(Text, EndsItsLinesWithLineFeeds) {
  EXPECT_EQ(with_line_feeds("甲\r\n乙\r丙\n丁\r\r\n"), "甲\n乙\n丙\n丁\n\n");
  EXPECT_EQ(with_line_feeds(""), "");
}

}  // namespace
}  // namespace certbridge

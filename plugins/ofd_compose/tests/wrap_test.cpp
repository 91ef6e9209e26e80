// Lines: nothing lost, nothing too wide, no mark where it may not stand.
#include "wrap.h"

#include <gtest/gtest.h>

#include <random>

#include "characters.h"

namespace certbridge::ofd_compose {
namespace {

std::vector<std::string> lines_of(const std::string& text, int characters) {
  std::vector<std::string> lines;
  for (const WrappedLine& line : wrap(to_code_points(text), characters * 1000, 1000)) {
    lines.push_back(to_utf8(line.text));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Wrap, BreaksWhereTheWidthEnds) {
  EXPECT_EQ(lines_of("一二三四五六七", 3), (Lines{"一二三", "四五六", "七"}));
  EXPECT_EQ(lines_of("", 3), (Lines{""}));
}

TEST(Wrap, KeepsLineFeedsAndEmptyLines) {
  EXPECT_EQ(lines_of("一\n\n二\n", 3), (Lines{"一", "", "二", ""}));
}

TEST(Wrap, NoClosingMarkBeginsALineAndNoOpeningMarkEndsOne) {
  EXPECT_EQ(lines_of("一二三，四", 3), (Lines{"一二", "三，四"}));
  EXPECT_EQ(lines_of("一二（三）", 3), (Lines{"一二", "（三）"}));
}

TEST(Wrap, NumbersStayWhole) {
  EXPECT_EQ(lines_of("面积101.17㎡", 4), (Lines{"面积", "101.17㎡"}));
}

TEST(Wrap, ANumberLongerThanALineIsBrokenAllTheSame) {
  EXPECT_EQ(lines_of("12345678901", 3), (Lines{"123456", "78901"}));
}

TEST(Wrap, AnIndentStaysAndBlanksAtABreakGo) {
  EXPECT_EQ(lines_of("　　一二三", 4), (Lines{"　　一二", "三"}));
  EXPECT_EQ(lines_of("一二 三", 2), (Lines{"一二", "三"}));
}

TEST(Wrap, ACharacterWiderThanTheLineStandsAlone) { EXPECT_EQ(wrap(U"一二", 10, 1000).size(), 2u); }

TEST(Wrap, RandomTextIsNeverCut) {
  std::mt19937 random(20261124);
  const std::u32string letters = U"宗地不动产，。（）《》1234567890.abc -、\n　㎡\U0002CC56";
  for (int round = 0; round < 300; ++round) {
    std::u32string text;
    const std::size_t size = random() % 400;
    while (text.size() < size) text.push_back(letters[random() % letters.size()]);
    const ofd::Length width = 1000 + static_cast<ofd::Length>(random() % 20'000);
    std::u32string joined;
    std::size_t end = 0;
    for (const WrappedLine& line : wrap(text, width, 1000)) {
      EXPECT_TRUE(line.width <= width || line.text.size() == 1);
      EXPECT_GE(line.end, end);
      end = line.end;
      joined += line.text;
    }
    EXPECT_EQ(end, text.size());
    const auto drop_blanks = [](std::u32string& all) {
      std::erase_if(all, [](char32_t code) { return is_blank(code) || code == '\n'; });
    };
    drop_blanks(text);
    drop_blanks(joined);
    EXPECT_EQ(to_utf8(joined), to_utf8(text));
  }
}

TEST(Characters, KnowWhatCommonFontsLack) {
  for (const char32_t code : U"豫权（㎡·A1㐂〇²") {
    if (code != 0) {
      EXPECT_TRUE(is_common(code)) << static_cast<unsigned>(code);
    }
  }
  EXPECT_FALSE(is_common(0x2cc56));
  EXPECT_FALSE(is_common(0x9fd0));
  EXPECT_FALSE(is_common(0xe000));
  EXPECT_FALSE(is_common('\n'));
}

}  // namespace
}  // namespace certbridge::ofd_compose

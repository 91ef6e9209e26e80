#include "certbridge/record.h"

#include <gtest/gtest.h>

namespace certbridge {
namespace {

TEST(Records, NullEmptyAndBlankAreThreeThings) {
  Record row;
  row.set("a", std::nullopt);
  row.set("b", "");
  row.set("c", " \n<𠮷>&");
  const auto sets = parse_records(write_records({{"case", {row, Record{}}}, {"units", {}}}));
  ASSERT_TRUE(sets.ok()) << sets.error().message;
  ASSERT_EQ(sets.value().size(), 2U);
  const Record& read = sets.value()[0].records[0];
  ASSERT_NE(read.find("a"), nullptr);
  EXPECT_FALSE(read.find("a")->has_value());
  EXPECT_EQ(*read.find("b"), "");
  EXPECT_EQ(read.text_or_empty("c"), " \n<𠮷>&");
  EXPECT_EQ(read.find("d"), nullptr);
  EXPECT_EQ(sets.value()[0].records[1].fields.size(), 0U);
}

TEST(Records, Refusals) {
  const auto code = [](const std::string& inside) {
    const auto sets =
        parse_records("<records xmlns=\"urn:certbridge:records:1\">" + inside + "</records>");
    return sets.ok() ? "accepted" : sets.error().code;
  };
  EXPECT_EQ(code(""), "accepted");
  EXPECT_EQ(code("<set/>"), "records.shape");
  EXPECT_EQ(code("<sett name=\"a\"/>"), "records.shape");
  EXPECT_EQ(code("<set name=\"a\">x</set>"), "records.shape");
  EXPECT_EQ(code("<set name=\"a\"><row><field name=\"A\"/></row></set>"), "records.shape");
  EXPECT_EQ(code("<set name=\"a\"><row><field name=\"a\"/><field name=\"a\"/></row></set>"),
            "records.shape");
  EXPECT_EQ(code("<set name=\"a\"><row><field name=\"a\" null=\"no\"/></row></set>"),
            "records.shape");
  EXPECT_EQ(parse_records("<x/>").error().code, "records.shape");
  Record row;
  row.set("a", std::string("\x01", 1));
  EXPECT_EQ(parse_records(write_records({{"s", {row}}})).error().code, "xml.encoding");
}

}  // namespace
}  // namespace certbridge

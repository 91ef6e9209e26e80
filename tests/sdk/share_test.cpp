#include <gtest/gtest.h>

#include "certbridge/certificate.h"

namespace certbridge {
namespace {

TEST(Share, ExactForms) {
  const auto is = [](const char* text, std::int64_t numerator, std::int64_t denominator) {
    const auto share = Share::parse(text);
    ASSERT_TRUE(share.ok()) << text;
    EXPECT_EQ(share.value().numerator(), numerator) << text;
    EXPECT_EQ(share.value().denominator(), denominator) << text;
    EXPECT_EQ(share.value().text(), text);
  };
  is("1/3", 1, 3);
  is("2/4", 1, 2);
  is("33.3%", 333, 1000);
  is("１／２", 1, 2);
  is("50％", 1, 2);
  is("0.25", 1, 4);
  is("100%", 1, 1);
}

TEST(Share, Refusals) {
  for (const char* text :
       {"", "/", "1/", "a/b", "1//2", "-1/2", "1/2/3", "%", ".5", "5.", "半", "1/12345678901"}) {
    const auto share = Share::parse(text);
    ASSERT_FALSE(share.ok()) << text;
    EXPECT_EQ(share.error().code, "share.shape") << text;
  }
  for (const char* text : {"0/1", "3/2", "101%", "1/0", "0%"}) {
    const auto share = Share::parse(text);
    ASSERT_FALSE(share.ok()) << text;
    EXPECT_EQ(share.error().code, "share.range") << text;
  }
}

// GB/T 36903, annex A.
TEST(HolderCode, KnowsTheTypesOfTheStandardAndNoOther) {
  for (const char* type : {"099", "114", "115", "118", "119", "120", "122", "411", "412", "413",
                           "414", "511", "516", "999"}) {
    const auto code = HolderCode::parse(type, "E12345678");
    ASSERT_TRUE(code.ok()) << type;
    EXPECT_EQ(code.value().type(), type);
  }
  for (const char* type : {"", "1", "01", "10", "99", "000", "002", "112", "113", "121", "415",
                           "512", "998", "0111", "１１１"}) {
    EXPECT_EQ(HolderCode::parse(type, "E12345678").error().code, "holder_code.type") << type;
  }
}

TEST(HolderCode, ParsesByType) {
  EXPECT_EQ(HolderCode::parse("111", "11010519491231002x").value().text(), "11010519491231002X");
  EXPECT_EQ(HolderCode::parse("111", "110105194912310021").error().code, "citizen_id.check_digit");
  EXPECT_EQ(HolderCode::parse("001", "91350100M000100Y44").error().code, "credit_code.check_digit");
  EXPECT_EQ(HolderCode::parse("414", "E12345678").value().text(), "E12345678");
  EXPECT_EQ(HolderCode::parse("414", " ").error().code, "holder_code.empty");
  EXPECT_EQ(HolderCode::parse("414", std::string(65, 'E')).error().code, "holder_code.shape");
  EXPECT_EQ(HolderCode::parse("1", "E1").error().code, "holder_code.type");
}

}  // namespace
}  // namespace certbridge

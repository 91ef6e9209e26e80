#include "config/option_value.h"

#include <gtest/gtest.h>

namespace certbridge::host {
namespace {

TEST(Duration, IsReadWithItsUnit) {
  EXPECT_EQ(parse_duration_ms("250ms"), 250);
  EXPECT_EQ(parse_duration_ms("10s"), 10'000);
  EXPECT_EQ(parse_duration_ms("5m"), 300'000);
  EXPECT_EQ(parse_duration_ms("2h"), 7'200'000);
  EXPECT_EQ(parse_duration_ms("0s"), 0);
}
TEST(Duration, AnythingElseIsRefused) {
  for (const char* text :
       {"", "10", "s", "-1s", "1.5s", "10 s", "10S", "1d", "99999999999999999999s", "999999999h"}) {
    EXPECT_FALSE(parse_duration_ms(text).has_value()) << text;
  }
}
TEST(Size, IsReadWithItsUnit) {
  EXPECT_EQ(parse_size_bytes("512"), 512U);
  EXPECT_EQ(parse_size_bytes("16kB"), 16'000U);
  EXPECT_EQ(parse_size_bytes("4MB"), 4'000'000U);
  EXPECT_EQ(parse_size_bytes("2GB"), 2'000'000'000U);
}
TEST(Size, AnythingElseIsRefused) {
  for (const char* text :
       {"", "kB", "-1", "4 MB", "4mb", "1TB", "99999999999999999999", "18446744073709551615"}) {
    EXPECT_FALSE(parse_size_bytes(text).has_value()) << text;
  }
}
TEST(Integer, TakesAllOfTheText) {
  EXPECT_EQ(parse_integer("-12"), -12);
  for (const char* text : {"", "1x", " 1", "0x10", "9223372036854775808"}) {
    EXPECT_FALSE(parse_integer(text).has_value()) << text;
  }
}
TEST(Secret, ValueIsNeverShown) {
  OptionManifest option;
  option.type = OptionType::kSecret;
  const auto refused = normalise_option(option, "hunter2", {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message.find("hunter2"), std::string::npos);
}
TEST(Address, MayNotHoldAPassword) {
  OptionManifest option;
  option.type = OptionType::kUrl;
  const auto refused = normalise_option(option, "http://user:hunter2@library/", {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message,
            "the address holds a user name or password; name a secret instead");
  EXPECT_TRUE(normalise_option(option, "https://library.example/a@b", {}).ok());
}
TEST(Suggestion, IsGivenForSlipsOnly) {
  EXPECT_EQ(did_you_mean("base-ulr", {"timeout", "base-url"}), "did you mean `base-url`?");
  EXPECT_EQ(did_you_mean("colour", {"timeout", "base-url"}), "");
}

}  // namespace
}  // namespace certbridge::host

#include "config/option_value.h"

#include <gtest/gtest.h>

#include "certbridge/testing/fake_context.h"

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
// A plugin's test must not see another value than the plugin sees in the host.
TEST(Fake, ReadsDurationsSizesAndBooleansAsTheHostDoes) {
  const std::string manifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/tests/sdk/wire_plugin.xml";
  const auto fake = [&](const std::string& option, const std::string& value) {
    return std::make_unique<certbridge::testing::FakeContext>(
        manifest, "all", certbridge::testing::Options{{option, value}});
  };
  for (const char* text : {"512", "7B", "16kB", "4MB", "2GB", "0", "", "1MiB", "-1", "4 MB"}) {
    const auto given = fake("largest", text)->config().size("largest");
    EXPECT_EQ(given.ok() ? std::optional(given.value()) : std::nullopt, parse_size_bytes(text))
        << text;
  }
  for (const char* text : {"250ms", "10s", "5m", "2h", "0s", "", "10", "1d", "-1s"}) {
    const auto given = fake("pause", text)->config().duration("pause");
    EXPECT_EQ(given.ok() ? std::optional<std::int64_t>(given.value().count()) : std::nullopt,
              parse_duration_ms(text))
        << text;
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
TEST(Text, MayHaveAForm) {
  OptionManifest option;
  option.pattern = "[0-9]{6}( [0-9]{6})*";
  option.meaning = "Codes of areas.";
  EXPECT_EQ(normalise_option(option, "411324 411325", {}).value(), "411324 411325");
  EXPECT_EQ(normalise_option(option, "411324 4113", {}).error().message,
            "`411324 4113` has not the form that it needs; it is: Codes of areas.");
  EXPECT_TRUE(normalise_option(option, std::string(2049, '1'), {}).ok());
  EXPECT_FALSE(normalise_option(option, std::string(2048, '1'), {}).ok());
  option.pattern = "(";
  EXPECT_FALSE(normalise_option(option, "411324", {}).ok());
}
TEST(Suggestion, IsGivenForSlipsOnly) {
  EXPECT_EQ(did_you_mean("base-ulr", {"timeout", "base-url"}), "did you mean `base-url`?");
  EXPECT_EQ(did_you_mean("colour", {"timeout", "base-url"}), "");
}

}  // namespace
}  // namespace certbridge::host

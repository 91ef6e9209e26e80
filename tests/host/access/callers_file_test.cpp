// What is read of callers.xml, and the forms that keys have there.
#include "access/callers/callers_file.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "access/callers/base64url.h"
#include "access/callers/issuer_key.h"
#include "access_fixture.h"
#include "signed_assertion.h"
#include "situations.h"

namespace certbridge::host::access_test {
namespace {

const std::string kCertificate(64, 'c');

TEST(CallersFile, TheShippedFileIsInOrder) {
  const std::string file = std::string(CERTBRIDGE_SOURCE_DIR) + "/config/access/callers.xml";
  const auto config = parse_callers(text_of_file("config/access/callers.xml"), file);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config.value().time_window, std::chrono::seconds(300));
  EXPECT_EQ(config.value().issuers.size(), 2U);
  EXPECT_EQ(config.value().issuers.at("staff").longest_validity, std::chrono::seconds(600));
  EXPECT_EQ(config.value().systems.size(), 3U);
  EXPECT_FALSE(config.value().systems.at("registration").assertion_needed);
  PatternSettings settings;
  settings.person = {60, 300};
  settings.system = {6000, 0};
  add_limits(config.value(), settings);
  EXPECT_EQ(settings.systems.at("registration").requests_per_minute, 12'000U);
  EXPECT_EQ(settings.systems.at("window").requests_per_minute, 6000U);
  EXPECT_EQ(settings.persons_of.at("hall").holders_per_day, 1U);
  EXPECT_EQ(settings.persons_of.at("window").holders_per_day, 300U);
}

std::string refusal(const std::string& from, const std::string& to) {
  std::string xml = text_of_file("config/access/callers.xml");
  const auto at = xml.find(from);
  if (at == std::string::npos) return "not in the file: " + from;
  xml.replace(at, from.size(), to);
  const std::string file = std::string(CERTBRIDGE_SOURCE_DIR) + "/config/access/callers.xml";
  const auto config = parse_callers(xml, file);
  return config ? "read" : config.error().code + " " + config.error().message;
}

void expect_refusal(const std::string& from, const std::string& to, const std::string& code,
                    const std::string& part) {
  const std::string said = refusal(from, to);
  EXPECT_TRUE(said.starts_with(code + " ")) << said;
  EXPECT_NE(said.find("callers.xml:"), std::string::npos) << said;
  EXPECT_NE(said.find(part), std::string::npos) << said;
}

TEST(CallersFile, WhatIsWrongIsSaid) {
  expect_refusal("time-window=\"300\"", "time-window=\"901\"", "callers.shape", "time-window");
  expect_refusal("time-window=\"300\"", "time-window=\"9\"", "callers.shape", "time-window");
  expect_refusal("callers:1", "callers:2", "callers.shape", "callers");
  expect_refusal("<system name", "<sistem name", "callers.shape", "sistem");
  expect_refusal("staff.pem", "nobody.pem", "callers.key", "does not exist");
  expect_refusal("staff.pem", "callers.xml", "callers.key", "is no key");
  expect_refusal("public-key=\"", "public-key-file=\"staff.pem\" public-key=\"", "callers.value",
                 "once");
  expect_refusal("public-key-file=\"staff.pem\"", "", "callers.value", "once");
  expect_refusal("issuers=\"staff\"", "issuers=\"stuff\"", "callers.unknown",
                 "did you mean `staff`?");
  expect_refusal("key=\"window-key\"", "", "callers.value", "nothing proves");
  expect_refusal("name=\"hall\"", "name=\"window\"", "callers.value", "two systems");
  expect_refusal("name=\"citizens\"", "name=\"staff\"", "callers.value", "two issuers");
}

TEST(CallersFile, TwoSystemsHaveNotOneCertificate) {
  const std::string one =
      R"(<system name="a" unit="12411300MB1234567G" assertion="no" certificate=")" + kCertificate +
      "\"/>";
  std::string other = one;
  other.replace(other.find("name=\"a\""), 8, "name=\"b\"");
  const std::string head = "<callers xmlns=\"urn:certbridge:callers:1\">";
  EXPECT_TRUE(parse_callers(head + one + "</callers>", "c.xml").ok());
  const auto twice = parse_callers(head + one + other + "</callers>", "c.xml");
  ASSERT_FALSE(twice.ok());
  EXPECT_NE(twice.error().message.find("of the system `a`"), std::string::npos);
}

TEST(CallersFile, KeysAreSecretsOf64Digits) {
  CallersConfig config;
  config.systems["window"].key_secret = "window-key";
  SetClock clock;
  for (const std::string& value : {std::string(), std::string(63, 'a'), std::string(64, 'A'),
                                   std::string(66, 'a'), std::string("canary-secret")}) {
    const auto made = make_callers(
        config, [&](std::string_view) -> Result<std::string> { return value; }, clock);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().code, "callers.secret");
    EXPECT_EQ(made.error().message.find("canary"), std::string::npos);
  }
  const auto missing = make_callers(
      config,
      [](std::string_view name) -> Result<std::string> {
        return Error::fault("secret.unknown", "there is no secret " + std::string(name));
      },
      clock);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("window-key"), std::string::npos);
}

TEST(IssuerKey, PointsOnTheCurve) {
  const auto key = SignatureKey::from_bytes(std::string(32, '\x21')).value().public_key();
  EXPECT_FALSE(key_of_point(std::string(128, '0')).ok());
  EXPECT_FALSE(key_of_point(std::string(128, 'f')).ok());
  EXPECT_FALSE(key_of_point("04").ok());
  EXPECT_NE(key.to_pem(),
            SignatureKey::from_bytes(std::string(32, '\x22')).value().public_key().to_pem());
}

TEST(Base64Url, OnlyItsOwnForm) {
  EXPECT_EQ(from_base64url(""), "");
  EXPECT_EQ(from_base64url("YQ"), "a");
  EXPECT_EQ(from_base64url("-_-_"), "\xfb\xff\xbf");
  for (const char* wrong : {"Y", "YQ==", "YR", "YWI=", "YW Jj", "+/+/", "YWJjZ"}) {
    EXPECT_FALSE(from_base64url(wrong)) << wrong;
  }
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string bytes(size, '\xA7');
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
}

}  // namespace
}  // namespace certbridge::host::access_test

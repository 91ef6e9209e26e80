#include "certbridge_sm/der.h"

#include <gtest/gtest.h>

#include "hex.h"

namespace certbridge::sm::der {
namespace {

TEST(Der, ReadsBackWhatItWrites) {
  const std::string long_text(300, 'x');
  const std::string bytes =
      sequence({integer(0), integer(127), integer(128), integer(65536),
                object_id("1.2.156.10197.1.501"), ia5("ES"), utf8("印章"), octet_string(long_text),
                bit_string("ab"), generalized_time(Timestamp{})});
  Reader outer(bytes);
  auto whole = outer.only(kSequence);
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole.value().raw, bytes);
  Reader reader(whole.value().content);
  for (const std::int64_t expected : {0, 127, 128, 65536})
    EXPECT_EQ(reader.integer().value(), expected);
  EXPECT_EQ(reader.object_id().value(), "1.2.156.10197.1.501");
  EXPECT_EQ(reader.text(kIa5String).value(), "ES");
  EXPECT_EQ(reader.text(kUtf8String).value(), "印章");
  EXPECT_EQ(reader.octets().value(), long_text);
  EXPECT_EQ(reader.bits().value(), "ab");
  EXPECT_EQ(reader.generalized_time().value(), Timestamp{});
  EXPECT_TRUE(reader.at_end());
}

TEST(Der, ObjectIdentifierHasTheKnownBytes) {
  EXPECT_EQ(hex(object_id("1.2.156.10197.1.501")), "06082a811ccf55018375");
}

struct Refusal {
  const char* what;
  const char* hex;
};

TEST(Der, RefusesWhatIsNotStrict) {
  const Refusal refusals[] = {
      {"empty", ""},
      {"no length", "30"},
      {"indefinite length", "30800000"},
      {"long form of a short length", "308100"},
      {"leading zero in a length", "3082000100"},
      {"cut content", "30030201"},
      {"length of five bytes", "3085000000000100"},
      {"tag of several bytes", "3f810100"},
      {"bytes after the end", "300000"},
      {"another tag", "3100"},
  };
  for (const Refusal& refusal : refusals) {
    const std::string bytes = unhex(refusal.hex);
    Reader reader(bytes);
    auto found = reader.only(kSequence);
    ASSERT_FALSE(found.ok()) << refusal.what;
    EXPECT_EQ(found.error().code, "sm.der") << refusal.what;
  }
}

TEST(Der, RefusesValuesThatAreNotCanonical) {
  const auto bytes = [](const char* text) { return unhex(text); };
  std::string input;
  EXPECT_FALSE(Reader(input = bytes("02020001")).integer().ok());
  EXPECT_FALSE(Reader(input = bytes("0202ff80")).integer().ok());
  EXPECT_FALSE(Reader(input = bytes("0200")).integer().ok());
  EXPECT_FALSE(Reader(input = bytes("0209010000000000000000")).integer().ok());
  EXPECT_FALSE(Reader(input = bytes("06022a80")).object_id().ok());
  EXPECT_FALSE(Reader(input = bytes("06032a8001")).object_id().ok());
  EXPECT_FALSE(Reader(input = bytes("0600")).object_id().ok());
  EXPECT_FALSE(Reader(input = bytes("03020780")).bits().ok());
  EXPECT_FALSE(Reader(input = bytes("0300")).bits().ok());
  EXPECT_FALSE(Reader(input = bytes("1601ff")).text(kIa5String).ok());
}

TEST(Der, TimesAreUtcSecondsAndRealDays) {
  EXPECT_EQ(format_generalized_time(parse_generalized_time("20261124003059Z").value()),
            "20261124003059Z");
  for (const char* wrong :
       {"20261124003059", "2026112400305Z", "20261324003059Z", "20260230000000Z", "20261124243059Z",
        "20261124003059.5Z", "20261124003059+08", ""}) {
    EXPECT_FALSE(parse_generalized_time(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace certbridge::sm::der

// Profile and patch files: those that are shipped, and those that are refused.
#include <gtest/gtest.h>

#include "booking_samples.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

class ShippedProfile : public ::testing::TestWithParam<const char*> {};

TEST_P(ShippedProfile, IsValidByItsSchema) {
  const auto schema = MessageSchema::compile(profile_text("profile.xsd"));
  ASSERT_TRUE(schema);
  for (const Finding& finding :
       schema.value().check(profile_text(std::string(GetParam()) + ".xml"))) {
    ADD_FAILURE() << sentence(finding);
  }
}

TEST_P(ShippedProfile, MakesASchemaForEachRecType) {
  const Profile profile = shipped_profile(GetParam());
  EXPECT_EQ(profile.messages.size(), profile.name == "v1" ? 42 : 64);
  for (const auto& [rec_type, rule] : profile.messages) {
    EXPECT_TRUE(MessageSchema::compile(schema_text(profile, {}, rec_type))) << rec_type;
  }
}

INSTANTIATE_TEST_SUITE_P(Generations, ShippedProfile, ::testing::Values("v1", "v2"));

TEST(Profile, TheSecondGenerationTakesLengthsFromTheFirst) {
  const Profile first = shipped_profile("v1");
  const Profile second = shipped_profile("v2");
  const AttributeRule* old = first.table("DJT_DJ_SLSQ")->find("SLRY");
  const AttributeRule* same = second.table("DJT_DJ_SL")->find("SLRY");
  ASSERT_NE(same, nullptr);
  EXPECT_EQ(same->length, old->length);
  EXPECT_EQ(same->required, old->required);
  const AttributeRule* fresh = second.table("QLF_QL_DYAQ")->find("SSYWH");
  ASSERT_NE(fresh, nullptr);
  EXPECT_EQ(fresh->length, 0);
  EXPECT_FALSE(fresh->required);
  EXPECT_NE(profile_text("v2.xml").find(
                "name=\"SSYWH\" label=\"上手业务号\" type=\"text\" unsure=\"yes\""),
            std::string::npos);
}

TEST(Profile, WhatIsNotKnownIsRefusedWithItsPlace) {
  const std::string good = profile_text("v1.xml");
  const std::vector<std::pair<std::string, std::string>> breakages{
      {"<values ", "<values colour=\"red\" "},
      {"decimals=\"2\"", "decimals=\"13\""},
      {"time-suffix=\"\"", "time-suffix=\"Z\""},
      {"late=\"BBXZ\"", "late=\"bb\""},
      {"least-bits=\"1024\"", "least-bits=\"512\""},
      {"md5-sha1-rsa", "sm2"},
      {"expected=\"10m\"", "expected=\"soon\""},
      {"order=\"settled\"", "order=\"later\""},
      {"name=\"BizMsgID\"", "name=\"Number\""},
      {"from=\"EstateNum\" characters=\"6\"", "from=\"Nothing\" characters=\"6\""},
      {"<table name=\"KTT_FW_H\">", "<table name=\"KTT_FW_C\">"},
      {"codes=\"ZJZLZD\"", "codes=\"NONE\""},
      {"type=\"decimal\"", "type=\"float\""},
      {"right=\"QLF_QL_ZXDJ\"", "right=\"QLF_QL_NONE\""},
      {"rec-types=\"4000101\"", "rec-types=\"9000101\""},
      {"</messages>", "</messages><more/>"},
      {"required=\"yes\"", "required=\"maybe\""}};
  for (const auto& [from, to] : breakages) {
    std::string text = good;
    ASSERT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    const auto profile = parse_profile(text, "mine.xml");
    ASSERT_FALSE(profile) << to;
    EXPECT_EQ(profile.error().code, "profile.shape");
    EXPECT_TRUE(profile.error().message.starts_with("mine.xml:")) << profile.error().message;
  }
}

TEST(Patch, TheExampleIsValidByItsSchema) {
  const auto schema = MessageSchema::compile(profile_text("patch.xsd"));
  ASSERT_TRUE(schema);
  EXPECT_TRUE(schema.value().check(profile_text("example-patch.xml")).empty());
  EXPECT_EQ(example_patch().table_names.size(), 2);
}

TEST(Patch, WhatTheProfileDoesNotHaveIsRefused) {
  const Profile profile = shipped_profile("v1");
  for (const char* change :
       {"<head field=\"Nothing\" value=\"1\"/>", "<head field=\"RecType\" value=\"1\"/>",
        "<head field=\"ASID\" value=\"1\" rec-types=\"1234567\"/>", "<table name=\"KTT_FW_H\"/>",
        "<rename-table from=\"NONE\" to=\"A\"/>",
        "<rename-table from=\"KTT_FW_H\" to=\"KTT_FW_C\"/>",
        "<rename-table from=\"KTT_FW_H\" to=\"1\"/>",
        "<rename-attribute table=\"KTT_FW_H\" from=\"NONE\" to=\"A\"/>",
        "<rename-attribute table=\"KTT_FW_H\" from=\"ZL\" to=\"CH\"/>",
        "<attribute table=\"KTT_FW_H\" name=\"ZL\"/>", "<other/>"}) {
    const std::string text =
        "<patch xmlns=\"urn:certbridge:provincial-patch:1\" name=\"x\" profile=\"v1\">" +
        std::string(change) + "</patch>";
    const auto patch = parse_patch(text, "patch.xml", profile);
    ASSERT_FALSE(patch) << change;
    EXPECT_EQ(patch.error().code, "profile.shape") << change;
  }
}

}  // namespace
}  // namespace certbridge::provincial_platform

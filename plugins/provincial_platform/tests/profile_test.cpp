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

// Two attributes of one name: of a party the sex, of a forest right the sub-compartment.
TEST(Profile, ASubCompartmentIsATextAndNoCodeOfSexes) {
  for (const char* generation : {"v1", "v2"}) {
    const Profile profile = shipped_profile(generation);
    EXPECT_EQ(profile.table("ZTT_GY_QLR")->find("XB")->codes, "XBZD");
    EXPECT_EQ(profile.table("QLT_QL_LQ")->find("XB")->codes, "");
    EXPECT_EQ(profile.table("QLT_QL_LQ")->find("XB")->length, 50);
  }
}

struct Coded {
  const char* table;
  const char* attribute;
  const char* codes;
};

TEST(Profile, AttributesOfTheStandardsListsHaveThem) {
  for (const auto& [table, attribute, codes] :
       std::vector<Coded>{{"KTT_ZDJBXX", "ZDTZM", "ZDZHTZMZD"},
                          {"KTT_ZHJBXX", "ZHTZM", "ZDZHTZMZD"},
                          {"KTT_ZDJBXX", "DJ", "TDDJZD"},
                          {"KTT_FW_H", "ZT", "BDCDYZTZD"},
                          {"KTT_ZHJBXX", "DB", "HYDBZD"},
                          {"KTT_FW_LJZ", "JZWZT", "JZWZTZD"},
                          {"KTT_ZHJBXX", "YHLXB", "HYSYLXBZD"},
                          {"QLF_QL_NYDSYQ", "TDSYQXZ", "TDSYQXZZD"},
                          {"QLT_QL_LQ", "QY", "QYZD"},
                          {"QLF_QL_DYIQ", "XYDQLRZJZL", "ZJZLZD"}}) {
    for (const char* generation : {"v1", "v2"}) {
      const Profile profile = shipped_profile(generation);
      EXPECT_EQ(profile.table(table)->find(attribute)->codes, codes) << table << "." << attribute;
    }
  }
  EXPECT_EQ(shipped_profile("v1").table("DJT_DJ_SLSQ")->find("SQZSBS")->codes, "ZSBSZD");
}

// A transfer or a correction of land has the tables of its first registration but the outline.
TEST(Profile, LandHasItsBoundariesInTransfersAndCorrectionsToo) {
  for (const char* generation : {"v1", "v2"}) {
    const Profile profile = shipped_profile(generation);
    for (const char* rec_type : {"2000101", "5000101", "2000301", "5000301"}) {
      const MessageRule& rule = profile.messages.find(rec_type)->second;
      EXPECT_TRUE(rule.tables.contains("KTT_GY_JZX")) << rec_type;
      EXPECT_TRUE(rule.tables.contains("KTT_GY_JZD")) << rec_type;
      EXPECT_FALSE(rule.tables.contains("ZD_K_103")) << rec_type;
    }
  }
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

TEST(Patch, TheShippedOneAndThoseOfTheTestsAreValidByTheirSchema) {
  const auto schema = MessageSchema::compile(profile_text("patch.xsd"));
  ASSERT_TRUE(schema);
  for (const char* path :
       {"profiles/example-patch.xml", "tests/patches/geometry.xml", "tests/patches/renamed.xml"}) {
    EXPECT_TRUE(schema.value()
                    .check(source_text(std::string("plugins/provincial_platform/") + path))
                    .empty())
        << path;
  }
}

TEST(Patch, TheExampleShowsEveryKindOfChange) {
  const std::string schema = profile_text("patch.xsd");
  const std::string example = profile_text("example-patch.xml");
  constexpr std::string_view kElement = "<xs:element name=\"";
  for (auto at = schema.find(kElement); at != std::string::npos;
       at = schema.find(kElement, at + 1)) {
    const auto from = at + kElement.size();
    const std::string name = schema.substr(from, schema.find('"', from) - from);
    EXPECT_NE(example.find("<" + name), std::string::npos) << name;
  }
}

TEST(Patch, TheLinesOfTheReadmeAreTaken) {
  const std::string readme = source_text("plugins/provincial_platform/README.md");
  const std::string_view fence = "```";
  const auto from = readme.find("```xml\n", readme.find("### A patch")) + 7;
  const std::string lines = readme.substr(from, readme.find(fence, from) - from);
  Profile profile = shipped_profile("v1");
  const auto patch = parse_patch(
      "<patch xmlns=\"urn:certbridge:provincial-patch:1\" name=\"x\" profile=\"v1\">"
      "<attribute table=\"QLT_FW_FDCQ_YZ\" name=\"SYWH\"/>" +
          lines + "</patch>",
      "README.md", profile);
  ASSERT_TRUE(patch) << patch.error().message;
  EXPECT_EQ(profile.values.placeholder, "无");
  EXPECT_EQ(patch.value().settings.size(), 2);
}

TEST(Patch, ItChangesTheGeneration) {
  const Profile first = shipped_profile("v1");
  const Province as = patched("profiles/example-patch.xml");
  EXPECT_EQ(as.profile.values.placeholder, "无");
  EXPECT_EQ(as.profile.values.separator, ";");
  EXPECT_EQ(as.profile.values.decimals, 3);
  EXPECT_EQ(as.profile.values.time_suffix, first.values.time_suffix);
  EXPECT_EQ(as.profile.repetitions.late.suffix, "_BBXZ");
  EXPECT_EQ(as.profile.repetitions.again_early.kind, NumberRule::Kind::kSame);
  EXPECT_EQ(as.profile.repetitions.update.suffix, first.repetitions.update.suffix);
  const AttributeRule* note = as.profile.table("QLT_FW_FDCQ_YZ")->find("FJ");
  EXPECT_TRUE(note->required);
  EXPECT_EQ(note->length, 500);
  const auto position = [&](const char* table) {
    return as.profile.table(table) - as.profile.tables.data();
  };
  EXPECT_EQ(position("ZRZ_K_101"), position("ZD_K_103") + 1);
  EXPECT_EQ(position("DJF_DJ_SQR") + 1, position("DJT_DJ_SLSQ"));
  EXPECT_EQ(as.profile.tables.size(), first.tables.size() + 1);
  EXPECT_EQ(as.profile.messages.size(), first.messages.size() + 1);
}

// A change that is refused, and what the error says behind file and line.
struct Refused {
  const char* change;
  const char* words;
};

TEST(Patch, WhatCannotBeDoneIsRefusedWithItsPlaceAndReason) {
  for (const auto& [change, words] : std::vector<Refused>{
           {"<values decimals=\"13\"/>", "values: there are at most 12 decimals"},
           {"<values separator=\"\"/>", "values: the attribute separator is empty"},
           {"<values time-suffix=\"Z\"/>", "the attribute time-suffix is empty or +08:00"},
           {"<values><part/></values>", "values: it has nothing in it"},
           {"<identifier late=\"bb\"/>", "capital letters"},
           {"<field name=\"ASID\"/>", "field: ASID stands twice"},
           {"<field name=\"A\" from=\"Nothing\"/>", "A is made from a field that is not there"},
           {"<change-field name=\"Nothing\"/>", "the head has no such field"},
           {"<change-field name=\"ASID\" constant=\"1\"/>", "constant is not known here"},
           {"<list name=\"NONE\" instead=\"yes\"><code value=\"1\"/></list>",
            "the profile has no list of this name"},
           {"<list name=\"XBZD\"><code value=\"1\"/></list>", "the list has this code already"},
           {"<list name=\"NEW\"/>", "it has no code"},
           {"<attribute table=\"KTT_FW_H\" name=\"ZL\"/>",
            "the table KTT_FW_H has this attribute already"},
           {"<attribute table=\"\" name=\"A\"/>", "table names no table"},
           {"<attribute table=\"KTT_FW_H NONE\" name=\"A\"/>", "the profile has no table NONE"},
           {"<attribute table=\"KTT_FW_H\" name=\"A\" codes=\"NONE\"/>",
            "there is no list of codes of the name NONE"},
           {"<change-attribute table=\"KTT_FW_H\" name=\"NONE\"/>",
            "the table KTT_FW_H has no attribute NONE"},
           {"<leave-out table=\"KTT_FW_H\" attribute=\"NONE\"/>",
            "the table KTT_FW_H has no attribute NONE"},
           {"<change-attribute table=\"KTT_FW_H\" name=\"SCJZMJ\" length=\"3\"/>",
            "only a text has a length"},
           {"<table name=\"KTT_FW_H\" after=\"KTT_FW_C\"><attribute name=\"A\"/></table>",
            "there is a table of this name already"},
           {"<table name=\"A\" after=\"KTT_FW_C\"/>", "a table has attributes"},
           {"<table name=\"A\"><attribute name=\"A\"/></table>", "it has either after or before"},
           {"<table name=\"A\" after=\"B\"><attribute name=\"A\"/></table>",
            "the profile has no other table B"},
           {"<move-table name=\"NONE\" after=\"KTT_FW_C\"/>", "the profile has no table NONE"},
           {"<move-table name=\"KTT_FW_H\" after=\"KTT_FW_H\"/>",
            "the profile has no other table KTT_FW_H"},
           {"<message rec-types=\"2000402\" right=\"QLF_QL_ZXDJ\"/>", "stands twice"},
           {"<change-message any=\"KTT_FW_H\"/>", "rec-types is missing or empty"},
           {"<change-message rec-types=\"1234567\" any=\"KTT_FW_H\"/>",
            "the profile has no RecType 1234567"},
           {"<change-message rec-types=\"4000101\" none=\"KTT_FW_H\"/>",
            "messages 4000101 do not have the table KTT_FW_H"},
           {"<change-message rec-types=\"4000101\" none=\"QLF_QL_ZXDJ\"/>",
            "QLF_QL_ZXDJ is the right of 4000101 and stays"},
           {"<set field=\"Nothing\" value=\"1\"/>", "the head has no field Nothing"},
           {"<set field=\"RecType\" value=\"1\"/>", "are not replaced"},
           {"<set field=\"ASID\"/>", "it has either a value or parts"},
           {"<set field=\"ASID\" value=\"1\" rec-types=\"1234567\"/>",
            "the profile has no RecType 1234567"},
           {"<set field=\"ASID\" table=\"KTT_FW_H\" value=\"1\"/>",
            "either a field or table and attribute"},
           {"<set table=\"KTT_FW_H\" attribute=\"NONE\" value=\"1\"/>",
            "the table KTT_FW_H has no attribute NONE"},
           {"<set field=\"ASID\"><part field=\"NONE\"/></set>", "the head has no field NONE"},
           {"<set field=\"ASID\"><part attribute=\"ZL\"/></set>", "the head has no attributes"},
           {"<set field=\"ASID\"><part text=\"a\" field=\"RegType\"/></set>",
            "it has one of text, field and attribute"},
           {"<rename-table from=\"NONE\" to=\"A\"/>", "the profile has no table NONE"},
           {"<rename-table from=\"KTT_FW_H\" to=\"KTT_FW_C\"/>",
            "two tables have the name KTT_FW_C"},
           {"<rename-table from=\"KTT_FW_H\" to=\"1\"/>", "the attribute to is a letter"},
           {"<rename-attribute table=\"KTT_FW_H\" from=\"NONE\" to=\"A\"/>",
            "the table KTT_FW_H has no attribute NONE"},
           {"<rename-attribute table=\"KTT_FW_H\" from=\"ZL\" to=\"CH\"/>",
            "the table KTT_FW_H has an attribute of the new name"},
           {"<rename-attribute table=\"KTT_FW_H\" from=\"ZL\" to=\"A\"/>"
            "<rename-attribute table=\"KTT_FW_H\" from=\"CH\" to=\"A\"/>",
            "two attributes of KTT_FW_H have the name A"},
           {"<other/>", "other: this element is not known here"}}) {
    Profile profile = shipped_profile("v1");
    const std::string text =
        "<patch xmlns=\"urn:certbridge:provincial-patch:1\" name=\"x\" profile=\"v1\">\n" +
        std::string(change) + "</patch>";
    const auto patch = parse_patch(text, "patch.xml", profile);
    ASSERT_FALSE(patch) << change;
    EXPECT_EQ(patch.error().code, "profile.shape") << change;
    // Names that only clash in the end are those of the whole file.
    const char* place =
        std::string_view(words).starts_with("two ") ? "patch.xml:1:" : "patch.xml:2:";
    EXPECT_TRUE(patch.error().message.starts_with(place)) << patch.error().message;
    EXPECT_NE(patch.error().message.find(words), std::string::npos)
        << change << " says: " << patch.error().message;
  }
}

}  // namespace
}  // namespace certbridge::provincial_platform

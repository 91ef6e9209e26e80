// Messages of all RecTypes against files that were looked at once, and what no message is made of.
#include <gtest/gtest.h>

#include "booking_samples.h"
#include "certbridge/xml.h"
#include "golden_file.h"
#include "message/builder.h"
#include "message/values.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;

class Generation : public ::testing::TestWithParam<const char*> {};

TEST_P(Generation, EachRecTypeIsWrittenAsItsGoldenFile) {
  const Profile profile = shipped_profile(GetParam());
  Maker maker(profile, {});
  for (const auto& [rec_type, rule] : profile.messages) {
    const auto made = maker.make(write_records(sample_facts(profile, rec_type)));
    ASSERT_TRUE(made) << rec_type << ": " << made.error().message;
    EXPECT_EQ(made.value().rec_type, rec_type);
    EXPECT_EQ(made.value().area, "990101");
    expect_golden(profile.name + "/" + rec_type + ".xml", made.value().text);
  }
}

TEST_P(Generation, TheRecTypeFollowsFromRegistrationTypeAndRight) {
  const Profile profile = shipped_profile(GetParam());
  for (const auto& [rec_type, rule] : profile.messages) {
    std::vector<RecordSet> facts = sample_facts(profile, rec_type);
    change(facts, "head", "rectype", std::nullopt);
    const auto found = rec_type_of(profile, parse_booked(write_records(facts)).value());
    ASSERT_TRUE(found) << rec_type << ": " << found.error().message;
    EXPECT_EQ(found.value(), rec_type);
  }
}

INSTANTIATE_TEST_SUITE_P(Generations, Generation, ::testing::Values("v1", "v2"));

TEST(Message, AUnitWithCharactersIsFoundByItsPlace) {
  auto facts = sample_facts(shipped_profile("v1"), "2000402");
  const std::string unit = "990101001001GB0000宗地F00010002";
  change(facts, "head", "estatenum", unit);
  for (auto& set : facts) {
    for (Record& row : set.records) {
      if (row.find("bdcdyh") != nullptr) row.set("bdcdyh", unit);
    }
  }
  Maker maker(shipped_profile("v1"), {});
  const auto made = maker.make(write_records(facts));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("head field EstateNum"), std::string::npos);
  EXPECT_NE(made.error().message.find("head field ParcelID"), std::string::npos);
  EXPECT_EQ(made.error().message.find("宗"), std::string::npos);
}

TEST(Message, AMortgageHasTheRecTypeOfItsGeneration) {
  Booked booked;
  booked.head.set("regtype", "100");
  booked.tables["QLF_QL_DYAQ"].emplace_back();
  EXPECT_EQ(rec_type_of(shipped_profile("v1"), booked).value(), "9000101");
  EXPECT_EQ(rec_type_of(shipped_profile("v2"), booked).value(), "1003701");
}

struct PatchedMessages {
  const char* patch;
  const char* folder;  // of golden files
  std::vector<const char*> rec_types;
};

TEST(Message, PatchedMessagesAreAsTheirGoldenFiles) {
  const std::vector<PatchedMessages> provinces{
      {"profiles/example-patch.xml", "example-patch", {"2000402", "2009901", "9000101"}},
      {"tests/patches/geometry.xml", "geometry", {"1000402", "9000101"}},
      {"tests/patches/renamed.xml", "renamed", {"2000402", "9000101"}}};
  for (const PatchedMessages& province : provinces) {
    const Province as = patched(province.patch);
    Maker maker(as.profile, as.patch);
    for (const std::string rec_type : province.rec_types) {
      const auto made = maker.make(write_records(sample_facts(as.profile, rec_type)));
      ASSERT_TRUE(made) << rec_type << ": " << made.error().message;
      EXPECT_EQ(made.value().area, "990101");  // the number is of the area, not of the province
      expect_golden(std::string(province.folder) + "/" + rec_type + ".xml", made.value().text);
    }
  }
}

TEST(Message, WhatAPatchDemandsIsDemanded) {
  const Province as = patched("profiles/example-patch.xml");
  Maker maker(as.profile, as.patch);
  const auto refused_without = [&](const char* set, const char* field, const char* words) {
    std::vector<RecordSet> facts = sample_facts(as.profile, "2000402");
    if (field == nullptr) {
      drop_set(facts, set);
    } else {
      change(facts, set, field, "x");
    }
    const auto made = maker.make(write_records(facts));
    ASSERT_FALSE(made) << words;
    EXPECT_NE(made.error().message.find(words), std::string::npos) << made.error().message;
  };
  refused_without("ZRZ_K_101", nullptr, "ZRZ_K_101");                  // some, new table
  refused_without("KTT_FW_ZRZ", nullptr, "KTT_FW_ZRZ");                // any became some
  refused_without("ZRZ_K_101", "yslx", "attribute YSLX: is no code");  // a list of its own
  std::vector<RecordSet> more = sample_facts(as.profile, "2000402");
  more.push_back({"DJF_DJ_SF", {Record{}}});
  const auto removed = maker.make(write_records(more));
  ASSERT_FALSE(removed);
  EXPECT_NE(removed.error().message.find("DJF_DJ_SF: messages 2000402 do not have this table"),
            std::string::npos);
}

TEST(Message, AValueIsSetOnlyWhereItsConditionHolds) {
  const Province as = patched("profiles/example-patch.xml");
  Maker maker(as.profile, as.patch);
  std::vector<RecordSet> facts = sample_facts(as.profile, "2000402");
  change(facts, "QLT_FW_FDCQ_YZ", "qllx", "1");
  EXPECT_NE(maker.make(write_records(facts)).value().text.find("QLLX=\"99\""), std::string::npos);
  change(facts, "QLT_FW_FDCQ_YZ", "qllx", "23");  // a code that the patch adds
  EXPECT_NE(maker.make(write_records(facts)).value().text.find("QLLX=\"23\""), std::string::npos);
}

TEST(Message, WhatIsLeftOutIsNotWrittenAndNotDemanded) {
  Province as{shipped_profile("v1"), {}};
  std::vector<RecordSet> facts = sample_facts(as.profile, "4000101");
  const auto patch = parse_patch(
      "<patch xmlns=\"urn:certbridge:provincial-patch:1\" name=\"x\" profile=\"v1\">"
      "<leave-out table=\"QLF_QL_ZXDJ DJF_DJ_SQR\" attribute=\"QXDM\"/></patch>",
      "patch.xml", as.profile);
  ASSERT_TRUE(patch) << patch.error().message;
  const auto made = Maker(as.profile, patch.value()).make(write_records(facts));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made.value().text.find("QXDM", made.value().text.find("<DJF_DJ_SQR")),
            std::string::npos);
  EXPECT_NE(made.value().text.find("QXDM"), std::string::npos);  // other tables keep it
}

TEST(Message, AnAttributeThatIsMadeOfNothingIsMissing) {
  Province as{shipped_profile("v1"), {}};
  const auto patch = parse_patch(
      "<patch xmlns=\"urn:certbridge:provincial-patch:1\" name=\"x\" profile=\"v1\">"
      "<attribute table=\"QLF_QL_ZXDJ\" name=\"SYWH\" required=\"yes\"/>"
      "<set table=\"QLF_QL_ZXDJ\" attribute=\"SYWH\"><part attribute=\"BZ\" digits=\"yes\"/></set>"
      "</patch>",
      "patch.xml", as.profile);
  ASSERT_TRUE(patch) << patch.error().message;
  Maker maker(as.profile, patch.value());
  std::vector<RecordSet> facts = sample_facts(as.profile, "4000101");
  change(facts, "QLF_QL_ZXDJ", "bz", "第七号");
  const auto missing = maker.make(write_records(facts));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("QLF_QL_ZXDJ row 1, attribute SYWH: is missing"),
            std::string::npos)
      << missing.error().message;
  change(facts, "QLF_QL_ZXDJ", "bz", "第7号");
  EXPECT_NE(maker.make(write_records(facts)).value().text.find("SYWH=\"7\""), std::string::npos);
}

// One wrong thing each: what is changed, and the place and rule that the error has to name.
struct Wrong {
  const char* set;
  const char* field;
  std::optional<std::string> value;
  const char* code;
  const char* place;
};

TEST(Message, EachMistakeIsNamedWithItsPlaceAndWithoutItsValue) {
  const Profile profile = shipped_profile("v1");
  Maker maker(profile, {});
  const std::string secret = "张三990101199001010018";
  const std::string long_secret = secret + std::string(300, 'x');
  const std::vector<Wrong> wrongs{
      {"QLT_FW_FDCQ_YZ", "ghyt", secret, "provincial.schema",
       "QLT_FW_FDCQ_YZ row 1, attribute GHYT: is no code of its list"},
      {"QLT_FW_FDCQ_YZ", "szc", "1-3层", "provincial.facts",
       "QLT_FW_FDCQ_YZ row 1, attribute SZC: is not a whole number"},
      {"QLT_FW_FDCQ_YZ", "jzmj", "1.0E2", "provincial.facts",
       "QLT_FW_FDCQ_YZ row 1, attribute JZMJ: is not a decimal number"},
      {"QLT_FW_FDCQ_YZ", "tdsyqssj", secret, "provincial.facts",
       "QLT_FW_FDCQ_YZ row 1, attribute TDSYQSSJ: is not a time"},
      {"QLT_FW_FDCQ_YZ", "tdsyqssj", std::nullopt, "provincial.schema",
       "QLT_FW_FDCQ_YZ row 1, attribute TDSYQSSJ: is missing"},
      {"QLT_FW_FDCQ_YZ", "ywh", "20240318000999", "provincial.facts",
       "QLT_FW_FDCQ_YZ row 1, attribute YWH: is not the head's RecFlowID"},
      {"ZTT_GY_QLR", "zjh", long_secret, "provincial.schema",
       "ZTT_GY_QLR row 1, attribute ZJH: is too long"},
      {"ZTT_GY_QLR", "nickname", secret, "provincial.facts",
       "ZTT_GY_QLR row 1, attribute nickname: is no attribute here"},
      {"head", "estatenum", "99", "provincial.facts",
       "QLT_FW_FDCQ_YZ row 1, attribute BDCDYH: is not the head's EstateNum"},
      {"head", "righttype", "four", "provincial.schema",
       "head field RightType: has not the form that it needs"},
      {"head", "regorgid", std::nullopt, "provincial.schema", "head field RegOrgID: "},
      {"head", "colour", secret, "provincial.facts", "head field colour: is no field of the head"},
      {"head", "rectype", "1234567", "provincial.rec_type", "no such RecType"},
      {"head", "regtype", "300", "provincial.facts", "head field RegType: does not go with"}};
  for (const Wrong& wrong : wrongs) {
    std::vector<RecordSet> facts = sample_facts(profile, "2000402");
    change(facts, wrong.set, wrong.field, wrong.value);
    const auto made = maker.make(write_records(facts));
    ASSERT_FALSE(made) << wrong.place;
    EXPECT_EQ(made.error().code, wrong.code) << made.error().message;
    EXPECT_EQ(made.error().severity, Severity::kPermanent);
    EXPECT_NE(made.error().message.find(wrong.place), std::string::npos) << made.error().message;
    EXPECT_EQ(made.error().message.find("199001010018"), std::string::npos);
    EXPECT_EQ(made.error().message.find("张三"), std::string::npos);
  }
}

TEST(Message, TablesAreThereAsTheRecTypeHasThem) {
  const Profile profile = shipped_profile("v1");
  Maker maker(profile, {});
  std::vector<RecordSet> without = sample_facts(profile, "2000402");
  drop_set(without, "KTT_FW_H");
  const auto missing = maker.make(write_records(without));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("expected: "), std::string::npos)
      << missing.error().message;
  EXPECT_NE(missing.error().message.find("KTT_FW_H"), std::string::npos) << missing.error().message;
  std::vector<RecordSet> more = sample_facts(profile, "4000101");
  more.push_back({"ZTT_GY_QLR", {Record{}}});
  const auto unknown = maker.make(write_records(more));
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("ZTT_GY_QLR: messages 4000101 do not have this table"),
            std::string::npos);
  std::vector<RecordSet> twice = sample_facts(profile, "2000402");
  for (RecordSet& set : twice) {
    if (set.name == "QLT_FW_FDCQ_YZ") set.records.push_back(set.records.front());
  }
  EXPECT_FALSE(maker.make(write_records(twice)));
}

TEST(Message, LineEndsOfAttributesSurviveAParser) {
  const Profile profile = shipped_profile("v1");
  Maker maker(profile, {});
  std::vector<RecordSet> facts = sample_facts(profile, "2000402");
  change(facts, "QLT_FW_FDCQ_YZ", "fj", "一<\"二\"\n三");
  const auto made = maker.make(write_records(facts));
  ASSERT_TRUE(made) << made.error().message;
  const auto read = parse_xml(made.value().text, "message", {1UL << 20U, 8, 10'000});
  ASSERT_TRUE(read);
  for (const XmlElement& row : read.value().child("Data")->children) {
    if (row.name != "QLT_FW_FDCQ_YZ") continue;
    EXPECT_EQ(row.attribute_or_empty("FJ"), "一<\"二\"\n三");
  }
}

TEST(Values, DecimalsAreRoundedHalfUpAndNeverScientific) {
  EXPECT_EQ(decimal_value("101.165", 2).text, "101.17");
  EXPECT_EQ(decimal_value("101.1649999", 2).text, "101.16");
  EXPECT_EQ(decimal_value("9.999", 2).text, "10.00");
  EXPECT_EQ(decimal_value("-0.001", 2).text, "0.00");
  EXPECT_EQ(decimal_value("-1.5", 0).text, "-2");
  EXPECT_EQ(decimal_value("0007", 2).text, "7.00");
  EXPECT_EQ(decimal_value("0.5", 4).text, "0.5000");
  for (const char* wrong : {"", "1e5", "1.", ".5", "1,5", "NaN", "--1", "1.2.3"}) {
    EXPECT_FALSE(decimal_value(wrong, 2).broken.empty()) << wrong;
  }
}

TEST(Values, TimesAreReadLenientlyAndWrittenInOneForm) {
  EXPECT_EQ(time_value("2018", "").text, "2018-01-01T00:00:00");
  EXPECT_EQ(time_value("2018-06-30", "").text, "2018-06-30T00:00:00");
  EXPECT_EQ(time_value("2018-06-30 23:59:59", "").text, "2018-06-30T23:59:59");
  EXPECT_EQ(time_value("2018-06-30T23:59:59", "+08:00").text, "2018-06-30T23:59:59+08:00");
  EXPECT_EQ(time_value("2018-06-30T23:59:59+08:00", "").text, "2018-06-30T23:59:59");
  EXPECT_EQ(time_value("2018-06-30 23:59:59.25+08", "").text, "2018-06-30T23:59:59");
  EXPECT_EQ(time_value("2018-06-30T16:00:00Z", "").text, "2018-07-01T00:00:00");
  for (const char* wrong : {"", "18", "2018-13-01", "2018-02-30", "yesterday"}) {
    EXPECT_FALSE(time_value(wrong, "").broken.empty()) << wrong;
  }
}

}  // namespace
}  // namespace certbridge::provincial_platform

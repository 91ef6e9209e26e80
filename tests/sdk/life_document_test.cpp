#include <gtest/gtest.h>

#include "certbridge/life.h"

namespace certbridge {
namespace {

LifeRecord life_sample() {
  LifeRecord record;
  record.type_code = kTitleTypeCode;
  record.number = "豫（2026）南阳市不动产权第0000001号";
  record.identifier = "1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.20200000001.001.R";
  record.issuer_code = "11411300MB1T000091";
  record.issuer_name = "南阳市<自然资源>局";
  record.area = "411302";
  record.case_no = "20261100001";
  record.expires_on = std::chrono::year(2076) / 6 / 30;
  const Timestamp when(std::chrono::milliseconds(1'790'000'000'123));
  record.state.base = {Status::Base::kValid, "collected", when};
  record.state.restrictions = {{RestrictionKind::kSeizure, "S-1", "某法院", when, false},
                               {RestrictionKind::kSeizure, "S-2", "", when, true}};
  record.word = "suspended";
  record.related = {{Relation::kReplaces, "豫(2019)南阳市不动产权第0000009号", ""}};
  record.units = {"411302001001GB00001F00010001", "411302001001GB00001F00010002"};
  return record;
}

std::string code_of(const std::string& xml) {
  const auto record = parse_life_record(xml);
  return record ? "read" : record.error().code;
}

std::string replaced(std::string xml, const std::string& from, const std::string& to) {
  const auto at = xml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return xml.replace(at, from.size(), to);
}

TEST(LifeDocument, WhatIsWrittenReadsTheSame) {
  const std::string xml = write_life_record(life_sample());
  const auto read = parse_life_record(xml);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(write_life_record(read.value()), xml);
  EXPECT_EQ(read.value().state.restrictions, life_sample().state.restrictions);
  EXPECT_EQ(read.value().related[0].number, life_sample().related[0].number);
  EXPECT_EQ(read.value().expires_on, life_sample().expires_on);
  EXPECT_EQ(read.value().units, life_sample().units);
}

TEST(LifeDocument, ATombstoneHasOnlyANumberOfAnyForm) {
  LifeRecord record;
  record.number = "宛市房权证字第123号";
  record.issuer_code = "11411300MB1T000091";
  record.area = "411302";
  record.word = "cancelled";
  record.state.base.base = Status::Base::kCancelled;
  const std::string xml = write_life_record(record);
  const auto read = parse_life_record(xml);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(write_life_record(read.value()), xml);
  EXPECT_TRUE(read.value().identifier.empty());
}

TEST(LifeDocument, RefusesWhatItDoesNotKnow) {
  const std::string xml = write_life_record(life_sample());
  EXPECT_EQ(code_of("<life/>"), "life.shape");
  EXPECT_EQ(code_of(replaced(xml, "area=", "areas=")), "life.shape");
  EXPECT_EQ(code_of(replaced(xml, "<state", "<stat")), "life.shape");
  EXPECT_EQ(code_of(replaced(xml, "<unit code", "<unit kode")), "life.shape");
  EXPECT_EQ(code_of(replaced(xml, "code=\"411302001001GB00001F00010001\"", "code=\"\"")),
            "life.value");
  EXPECT_EQ(code_of(replaced(xml, "base=\"valid\"", "base=\"fine\"")), "life.value");
  EXPECT_EQ(code_of(replaced(xml, "kind=\"seizure\"", "kind=\"seisure\"")), "life.value");
  EXPECT_EQ(code_of(replaced(xml, "waiting=\"yes\"", "waiting=\"no\"")), "life.value");
  EXPECT_EQ(code_of(replaced(xml, "number=\"豫（2026）南阳市不动产权第0000001号\"", "number=\"\"")),
            "life.value");
  EXPECT_EQ(code_of(replaced(xml, "2076-06-30", "0001-01-01")), "life.value");
  EXPECT_EQ(code_of(replaced(xml, "relation=\"replaces\"", "relation=\"knows\"")), "life.value");
  EXPECT_EQ(code_of(xml.substr(0, xml.size() - 1)), "xml.malformed");
}

}  // namespace
}  // namespace certbridge

#include "catalogue/guide.h"

#include <gmock/gmock.h>

namespace certbridge::host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Bring = GuideMaterial::Bring;

constexpr const char* kCard = "11100000000013127D001";
constexpr const char* kLicence = "11100000MB0143028R001";
constexpr const char* kUnknown = "11100000000013338W001";

UsedTypes types() {
  UsedType card;
  card.code = kCard;
  card.guide = "无须提交。";
  UsedType licence;
  licence.code = kLicence;
  licence.guide = "不用带。";
  return UsedTypes({licence, card});
}

ItemDirectory items() {
  return ItemDirectory({{"T1",
                         "转移登记",
                         {{"身份证", kCard, true},
                          {"执照", kLicence, true},
                          {"备案表", kUnknown, true},
                          {"申请书", "", false}}},
                        {"T2", "变更登记", {{"身份证", kCard, true}, {"执照", kLicence, false}}}});
}

std::vector<Bring> bring(const Guide& guide, std::size_t item) {
  std::vector<Bring> all;
  for (const GuideMaterial& one : guide.items.at(item).materials) all.push_back(one.bring);
  return all;
}

TEST(Guide, WhatIsLookedUpNeedNotBeBrought) {
  const Guide guide =
      make_guide(items(), types(), {{{kCard, {"city"}}, {kLicence, {"city"}}}, {}, {}});
  EXPECT_THAT(bring(guide, 0),
              ElementsAre(Bring::kNotNeeded, Bring::kNotNeeded, Bring::kPaper, Bring::kPaper));
  EXPECT_THAT(bring(guide, 1), ElementsAre(Bring::kNotNeeded, Bring::kPaper));
  EXPECT_EQ(guide.items[0].materials[0].sentence, "无须提交。");
  EXPECT_EQ(guide.items[0].materials[3].sentence, "");
  EXPECT_THAT(guide.not_now, IsEmpty());
}

TEST(Guide, WithoutASourceItIsPaper) {
  EXPECT_THAT(bring(make_guide(items(), types(), {}), 0),
              ElementsAre(Bring::kPaper, Bring::kPaper, Bring::kPaper, Bring::kPaper));
}

TEST(Guide, WhatNoSourceGivesNowMayBeBrought) {
  const GuideSources sources{{{kCard, {"city", "province"}}, {kLicence, {"city"}}}, {}, {"city"}};
  const Guide guide = make_guide(items(), types(), sources);
  EXPECT_THAT(bring(guide, 0),
              ElementsAre(Bring::kNotNeeded, Bring::kNotNow, Bring::kPaper, Bring::kPaper));
  EXPECT_EQ(guide.items[0].materials[1].sentence, "") << "it may have to be brought after all";
  EXPECT_THAT(guide.not_now, ElementsAre(kLicence));
}

TEST(Guide, ASourceForEveryTypeCountsForEach) {
  GuideSources sources{{{kCard, {"city"}}}, {"province"}, {"city"}};
  EXPECT_THAT(bring(make_guide(items(), types(), sources), 1),
              ElementsAre(Bring::kNotNeeded, Bring::kPaper));
  sources.down.insert("province");
  const Guide guide = make_guide(items(), types(), sources);
  EXPECT_THAT(bring(guide, 1), ElementsAre(Bring::kNotNow, Bring::kPaper));
  EXPECT_THAT(guide.not_now, ElementsAre(kCard, kLicence)) << "each once, in order";
}

TEST(Guide, Json) {
  const GuideSources sources{{{kCard, {"city"}}, {kLicence, {"province"}}}, {}, {"province"}};
  const Guide guide = make_guide(
      ItemDirectory({{"T1",
                      "转移\"登记",
                      {{"身份证", kCard, true}, {"执照", kLicence, true}, {"申请书", "", false}}}}),
      types(), sources);
  EXPECT_EQ(guide_json(guide),
            "{\"items\":[{\"code\":\"T1\",\"name\":\"转移\\\"登记\",\"materials\":["
            "{\"name\":\"身份证\",\"type\":\"11100000000013127D001\",\"bring\":\"not-needed\","
            "\"sentence\":\"无须提交。\"},"
            "{\"name\":\"执照\",\"type\":\"11100000MB0143028R001\",\"bring\":\"not-now\"},"
            "{\"name\":\"申请书\",\"bring\":\"paper\"}]}],"
            "\"notNow\":[\"11100000MB0143028R001\"]}");
  EXPECT_EQ(guide_json({}), "{\"items\":[],\"notNow\":[]}");
}

}  // namespace
}  // namespace certbridge::host

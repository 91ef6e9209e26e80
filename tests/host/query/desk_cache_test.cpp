// A desk that keeps answers: who may see what is decided for each query anew.
#include "desk_fixture.h"

namespace certbridge::host {
namespace {

class DeskCacheTest : public DeskTest {
 protected:
  DeskCacheTest() {
    configuration_.routes[0].cache = QueryCache{std::chrono::seconds(60), 100, 100'000};
    open_desk();
    first_.found = {title("N1", kZhangSan)};
  }
  boost::json::object certificate_of(const QueryResponse& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    return json_of(response).at("certificates").as_array().at(0).as_object();
  }
};

TEST_F(DeskCacheTest, AnswersFromWhatItKeptAndSaysSo) {
  EXPECT_FALSE(certificate_of(ask(QueryKind::kFind, by_holder())).at("cached").as_bool());
  clock_.advance(std::chrono::seconds(5));
  const auto second = certificate_of(ask(QueryKind::kFind, by_holder()));
  EXPECT_TRUE(second.at("cached").as_bool());
  EXPECT_EQ(second.at("asOf").as_string(), "2026-11-24T00:00:00.000Z");
  EXPECT_EQ(first_source_.asked(), 1u);
  EXPECT_EQ(cases_.asked(), 2u) << "whether it is allowed is asked anew";
  ASSERT_EQ(records().size(), 2u) << "and recorded anew";
  EXPECT_EQ(records()[1].sources, (std::vector<AskedSource>{{"first", "cached"}}));
  EXPECT_EQ(records()[1].certificate, "ID-N1");
}

TEST_F(DeskCacheTest, TheTimeOfTheSourcesDataIsKeptWithThem) {
  first_.as_of = clock_.now() - std::chrono::hours(8);
  ask(QueryKind::kFind, by_holder());
  EXPECT_EQ(certificate_of(ask(QueryKind::kFind, by_holder())).at("asOf").as_string(),
            "2026-11-23T16:00:00.000Z");
}

TEST_F(DeskCacheTest, WhatLeavesIsDecidedForEachQuery) {
  ask(QueryKind::kFind, by_holder());
  facts_.open = false;
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "403 case.closed");
  facts_.open = true;
  // Another case asks about the same number, and the holder is no party of it.
  const std::string number = body_of(R"("number":"N1")");
  ask(QueryKind::kFind, number);
  facts_.parties = {{PartyRole::kApplicant, {"李四", "111", "110101199003079999"}}};
  EXPECT_EQ(code_of(ask(QueryKind::kFind, number)), "200 none-found");
  EXPECT_EQ(first_source_.asked(), 2u) << "from what was kept, and yet not for him";
}

TEST_F(DeskCacheTest, WhatAnAnswerDependsOnIsAskedAnew) {
  ask(QueryKind::kFind, by_holder());
  facts_.materials = {kTitleType};
  ask(QueryKind::kFind, by_holder());
  EXPECT_EQ(first_source_.asked(), 2u) << "other types";
  facts_.item = "I-2";
  ask(QueryKind::kFind, by_holder());
  EXPECT_EQ(first_source_.asked(), 3u) << "another item";
  const std::string archive = R"({"purpose":"archive","ground":{"kind":"case","number":"C1"},)"
                              R"("holder":{"name":"张三","codeType":"111","code":")" +
                              std::string(kZhangSan) + "\"}}";
  ask(QueryKind::kFind, archive);
  EXPECT_EQ(first_source_.asked(), 4u) << "another purpose";
  ask(QueryKind::kFind, archive);
  EXPECT_EQ(first_source_.asked(), 4u);
}

TEST_F(DeskCacheTest, NothingFoundIsNotKept) {
  first_.found.clear();
  EXPECT_EQ(code_of(ask(QueryKind::kFind, by_holder())), "200 none-found");
  first_.found = {title("N1", kZhangSan)};
  EXPECT_FALSE(certificate_of(ask(QueryKind::kFind, by_holder())).at("cached").as_bool());
}

TEST_F(DeskCacheTest, AFileIsNeverFetchedByWhatWasKept) {
  make_copies();
  ask(QueryKind::kFind, body_of(R"("number":"N1")"));
  EXPECT_EQ(ask(QueryKind::kFile, body_of(R"("number":"N1")")).status, 200);
  EXPECT_EQ(first_source_.asked(), 3u) << "found anew, and fetched";
}

TEST_F(DeskCacheTest, ADeliveryEmptiesIt) {
  ask(QueryKind::kFind, by_holder());
  ++deliveries_;
  EXPECT_FALSE(certificate_of(ask(QueryKind::kFind, by_holder())).at("cached").as_bool());
  EXPECT_EQ(first_source_.asked(), 2u);
}

TEST_F(DeskCacheTest, ComparesWithWhatItKept) {
  const std::string body = body_of(R"("number":"N1","printed":{"number":"N1"})");
  ask(QueryKind::kCompare, body);
  const auto json = json_of(ask(QueryKind::kCompare, body));
  EXPECT_TRUE(json.at("comparison").at("cached").as_bool());
  EXPECT_EQ(first_source_.asked(), 1u);
}

}  // namespace
}  // namespace certbridge::host

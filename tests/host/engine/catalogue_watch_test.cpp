// A change of the catalogue is checked, and handed over once.
#include "type_catalogue_fixture.h"

namespace certbridge::host {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class CatalogueWatchTest : public TypeCatalogueTest {
 protected:
  CatalogueWatchTest() {
    add_sink("library");
    add_sink("province");
    RouteConfig& route = add_route("catalogue", "", {deliver("library"), deliver("province")});
    route.from = {kCatalogueSource};
    std::filesystem::remove(types_folder_ / (std::string(kProofCode) + ".xml"));
  }
  // What counterparts were told, as "version state".
  std::vector<std::string> told(const std::string& endpoint) {
    std::vector<std::string> words;
    for (const Message& one : endpoints_.sinks[endpoint].messages()) {
      words.push_back(one.headers.at("catalogue-version") + " " +
                      one.headers.at("catalogue-state"));
    }
    return words;
  }
  bool was_told(std::size_t count) {
    return eventually([&] {
      return endpoints_.sinks["library"].sent().size() >= count &&
             endpoints_.sinks["province"].sent().size() >= count;
    });
  }
  void write_states(const std::string& first, const std::string& second) {
    write_type(kTitleCode,
               version(1, first, "2015-03-01T00:00:00") +
                   (second.empty() ? second : version(2, second, "2026-12-01T00:00:00")));
  }
  bool is_seen(const std::function<bool(const CertificateType&)>& like) {
    return eventually([&] { return like(*types_->types()->by_code(kTitleCode)); });
  }
};

TEST_F(CatalogueWatchTest, EachChangeIsToldOnceAndADraftToNobody) {
  write_states("approved", "draft");
  start_watched();
  ASSERT_TRUE(was_told(1));
  write_states("approved", "submitted");
  ASSERT_TRUE(was_told(2));
  write_states("suspended", "approved");
  ASSERT_TRUE(was_told(4));
  write_states("approved", "approved");
  ASSERT_TRUE(was_told(5)) << "as it was once is a change as well";
  EXPECT_THAT(told("library"),
              ElementsAre("1 approved", "2 submitted", "1 suspended", "2 approved", "1 approved"));
  restart();
  start_watched();
  write_states("approved", "suspended");
  ASSERT_TRUE(was_told(6));
  EXPECT_THAT(told("library"), SizeIs(6)) << "a restart tells nothing again";
  EXPECT_THAT(told("province"), SizeIs(6));
}

TEST_F(CatalogueWatchTest, WhatIsToldIsTheVersionAsItIs) {
  start_watched();
  ASSERT_TRUE(was_told(1));
  const Message sent = endpoints_.sinks["library"].messages().front();
  EXPECT_EQ(sent.type, kCertificateTypeMessage);
  EXPECT_THAT(sent.order_keys, ElementsAre(OrderKey{"type", kTitleCode}));
  const auto type = parse_certificate_type(read_all(*sent.body, 10'000).value(), "body");
  ASSERT_TRUE(type.ok()) << type.error().message;
  EXPECT_EQ(type.value().code, kTitleCode);
  ASSERT_THAT(type.value().versions, SizeIs(1));
  EXPECT_EQ(type.value().versions[0].state, TypeState::kApproved);
}

// What the memory missed is found in the ledger.
TEST_F(CatalogueWatchTest, ACrashBeforeItIsRememberedTellsNothingTwice) {
  std::atomic<int> missed{3};
  store_->before_apply = [&](const Transition& wanted) -> Result<void> {
    if (wanted.memory.empty() || missed-- <= 0) return {};
    return Error::retryable("journal.failed", "the disk is away");
  };
  start_watched();
  ASSERT_TRUE(was_told(1));
  ASSERT_TRUE(eventually([&] { return missed <= 0; }));
  write_states("suspended", "");
  ASSERT_TRUE(was_told(2));
  EXPECT_THAT(told("library"), ElementsAre("1 approved", "1 suspended"));
}

TEST_F(CatalogueWatchTest, AWrongFileChangesNothingAndIsAnAlarm) {
  start_watched();
  ASSERT_TRUE(was_told(1));
  write_type(kTitleCode, version(1, "accepted", "2015-03-01T00:00:00"));
  ASSERT_TRUE(eventually([&] { return metrics_.value("catalogue_refused", {}) > 0; }));
  EXPECT_EQ(types_->types()->by_code(kTitleCode)->versions.front().state, TypeState::kApproved);
  write_states("suspended", "");
  ASSERT_TRUE(is_seen([](const CertificateType& type) {
    return type.versions.front().state == TypeState::kSuspended;
  }));
  EXPECT_TRUE(eventually([&] { return metrics_.value("catalogue_refused", {}) == 0; }));
  ASSERT_TRUE(was_told(2));
  EXPECT_THAT(told("library"), ElementsAre("1 approved", "1 suspended"));
}

}  // namespace
}  // namespace certbridge::host

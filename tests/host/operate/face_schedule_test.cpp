// What counterparts publish of faces is fetched each day, and again where that failed.
#include "operate/face_schedule.h"

#include "certbridge/record.h"
#include "type_catalogue_fixture.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;

class MovedByHand final : public Clock {
 public:
  Timestamp now() const override {
    return Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 28) + 2h + moved());
  }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(moved());
  }
  void move(std::chrono::minutes by) { moved_ += by.count(); }

 private:
  std::chrono::minutes moved() const { return std::chrono::minutes(moved_.load()); }
  std::atomic<std::int64_t> moved_{0};
};

class FaceScheduleTest : public TypeCatalogueTest {
 protected:
  FaceScheduleTest() {
    configuration_.catalogue.registered = {{"library", "books"}};
    configuration_.catalogue.scheduled = true;
    write_type(kTitleCode, version(1, "approved", "2015-03-01T00:00:00",
                                   "<field name=\"KZ_ZL\" label=\"坐落\" required=\"yes\"/>"));
    endpoints_.responders["books"].on_answer = [this](const Message&,
                                                      const Call&) -> Result<Message> {
      ++questions_;
      if (away_) return Error::retryable("library.away", "it does not answer");
      Message published;
      published.headers["offered"] = "yes";
      published.body = content_of(write_records({{"face", {}}}));
      return published;
    };
    catalogue_ = std::make_unique<TypeCatalogue>(configuration_);
    ConfigurationErrors errors;
    catalogue_->look(errors);
    EXPECT_TRUE(errors.empty());
    types_ = catalogue_.get();
  }
  void begin() {
    const EngineServices all = services();
    with_clock_ = std::make_unique<EngineServices>(
        EngineServices{all.configuration, all.store, all.endpoints, all.memory, by_hand_,
                       all.metrics, all.logger, all.deliveries, all.types, nullptr});
    schedule_ = std::make_unique<FaceSchedule>(*with_clock_);
  }
  bool shows(const char* metric, double value) {
    return eventually([&] { return metrics_.value(metric, {}) == value; });
  }

  MovedByHand by_hand_{};
  std::atomic<bool> away_{false};
  std::atomic<int> questions_{0};
  std::unique_ptr<EngineServices> with_clock_{};
  std::unique_ptr<FaceSchedule> schedule_{};
};

TEST_F(FaceScheduleTest, WhatCouldNotBeAskedStaysKnownAndIsAskedAgainWithoutHaste) {
  begin();
  ASSERT_TRUE(shows("face_differences", 1)) << "the library publishes no field of titles";
  EXPECT_EQ(metrics_.value("faces_not_asked", {}), 0);
  EXPECT_EQ(questions_, 2) << "one for each type";
  away_ = true;
  by_hand_.move(24h);
  ASSERT_TRUE(shows("faces_not_asked", 2));
  EXPECT_EQ(metrics_.value("face_differences", {}), 1) << "a library that is away mends nothing";
  ASSERT_TRUE(eventually([&] { return last_faces(*store_)->asked[0].outcome != "compared"; }));
  EXPECT_EQ(last_faces(*store_)->differences.size(), 1U);
  by_hand_.move(1min);
  ASSERT_TRUE(eventually([&] { return questions_ == 6; }));
  away_ = false;
  by_hand_.move(2min);
  ASSERT_TRUE(shows("faces_not_asked", 0)) << "on the same day";
  EXPECT_EQ(metrics_.value("face_differences", {}), 1);
  EXPECT_EQ(questions_, 8) << "and never more often than that";
}

TEST_F(FaceScheduleTest, WhatCannotBeKeptIsFetchedAgainWithoutHaste) {
  std::atomic<bool> full{true};
  std::atomic<int> tries{0};
  store_->before_apply = [&](const Transition&) -> Result<void> {
    ++tries;
    if (full) return Error::retryable("journal.full", "no room");
    return {};
  };
  begin();
  ASSERT_TRUE(eventually([&] { return tries == 1; }));
  EXPECT_TRUE(shows("face_differences", 1));
  by_hand_.move(1min);
  ASSERT_TRUE(eventually([&] { return tries == 2; }));
  full = false;
  by_hand_.move(2min);
  ASSERT_TRUE(eventually([&] { return last_faces(*store_).has_value(); }));
  EXPECT_EQ(tries, 3);
}

}  // namespace
}  // namespace certbridge::host

// From a journal that was written as the engine does.
#include "reports/push_reading.h"

#include <gtest/gtest.h>

#include "made_of_event.h"
#include "observe/clock.h"
#include "store_contract.h"

namespace certbridge::host {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ScratchFolder;
using testing::StandingClock;

class PushReadingTest : public ::testing::Test {
 protected:
  PushReadingTest() {
    StoreSettings settings = testing::sqlite_settings(folder_.path(), clock_);
    store_ = open_sqlite_store(settings).value();
    settings_.period = month_period("2026-11").value();
    settings_.libraries = {"library"};
  }
  ~PushReadingTest() override { store_->close(); }

  Message event_of(const std::string& case_no, const std::string& event_type) {
    Message message = testing::event("e-" + std::to_string(++events_), {{"case", case_no}});
    message.area = "411324";
    message.headers = {{"event-type", event_type},
                       {"case-no", case_no},
                       {"registration-type", "200"},
                       {"occurred-at", to_iso8601(clock_.now())}};
    return message;
  }
  std::string accept(const std::string& case_no, const std::string& event_type) {
    return store_->accept("registration", {event_of(case_no, event_type)}).at(0).id;
  }
  void end(const std::string& id, MessageState state, const std::string& code) {
    Transition transition;
    MessageChange change;
    change.id = id;
    change.state = state;
    change.error_code = code;
    transition.messages.push_back(std::move(change));
    ASSERT_TRUE(store_->apply(std::move(transition)).ok());
  }
  // Makes one message of the event, with a delivery to the library.
  StoredDelivery make(const std::string& event, const std::string& type) {
    Transition transition = testing::made_of_event(*store_, event, type);
    transition.children[0].message.headers["status-word"] = "lost";
    EXPECT_TRUE(store_->apply(std::move(transition)).ok());
    return store_->deliveries(event + "/0").value().at(0);
  }
  void move(const StoredDelivery& delivery, DeliveryState state, const std::string& code) {
    Transition transition;
    DeliveryChange change;
    change.id = delivery.id;
    change.state = state;
    change.error_code = code;
    transition.delivery_changes.push_back(std::move(change));
    ASSERT_TRUE(store_->apply(std::move(transition)).ok());
  }
  void collect(const std::string& case_no, std::chrono::milliseconds took) {
    const StoredDelivery delivery = make(accept(case_no, "SHANZHENG"), "certificate.issue");
    clock_.advance(took);
    move(delivery, DeliveryState::kDelivered, "");
  }
  void conclude(const std::string& case_no) {
    end(accept(case_no, "BANJIE"), MessageState::kDone, "");
  }

  std::map<std::string, InspectionSection> inspected() {
    settings_.made = clock_.now() + minutes(1);
    InspectionReport report;
    const auto read = inspect_pushes(*store_, settings_, report);
    EXPECT_TRUE(read.ok()) << read.error().message;
    std::map<std::string, InspectionSection> sections;
    for (InspectionSection& one : report.sections) sections[one.name] = one;
    return sections;
  }

  StandingClock clock_{};
  ScratchFolder folder_{};
  std::unique_ptr<Store> store_{};
  PushInspectionSettings settings_{};
  int events_ = 0;
};

TEST_F(PushReadingTest, AConcludedCaseWhoseCertificateWasCollectedIsNoFinding) {
  collect("case-1", minutes(3));
  conclude("case-1");
  const auto sections = inspected();
  for (const auto& [name, section] : sections) EXPECT_EQ(0U, section.found) << name;
  const auto& times = sections.at("time-to-collected");
  ASSERT_EQ(1U, times.rows.size());
  EXPECT_EQ(InspectionCell("411324"), times.rows[0][0]);
  EXPECT_EQ(InspectionCell(std::uint64_t{180}), times.rows[0][2]);
}

TEST_F(PushReadingTest, FindsWhatWasPlanted) {
  collect("case-1", hours(30));  // late
  conclude("case-1");
  conclude("case-2");  // nobody wrote a certificate
  move(make(accept("case-3", "SHANZHENG"), "certificate.issue"), DeliveryState::kParked,
       "municipal.refused");
  conclude("case-3");
  conclude("case-3");  // told twice
  const StoredDelivery lost = make(accept("case-4", "YISHI"), "certificate.status");
  clock_.advance(hours(26));
  move(lost, DeliveryState::kDelivered, "");
  end(accept("case-5", "SHANZHENG"), MessageState::kParked, "validation.failed");
  auto sections = inspected();
  const InspectionSection& cases = sections["cases-without-certificate"];
  ASSERT_EQ(2U, cases.found);
  std::map<std::string, std::string> reasons;
  for (const auto& row : cases.rows) {
    reasons[std::get<std::string>(row[0])] = std::get<std::string>(row.back());
  }
  EXPECT_EQ((std::map<std::string, std::string>{{"case-2", "none was made"},
                                                {"case-3", "parked: municipal.refused"}}),
            reasons);
  EXPECT_EQ(2U, sections["time-to-collected"].found);  // case-1 late, case-3 not yet
  ASSERT_EQ(1U, sections["late-status-changes"].found);
  EXPECT_EQ(InspectionCell("lost"), sections["late-status-changes"].rows[0][4]);
  EXPECT_EQ(2U, sections["refused-pushes"].found);
}

TEST_F(PushReadingTest, OnlyThePeriodIsLookedAt) {
  conclude("case-2");
  settings_.period = month_period("2026-10").value();
  EXPECT_EQ(0U, inspected()["cases-without-certificate"].found);
  settings_.period = month_period("2026-12").value();
  EXPECT_EQ(0U, inspected()["cases-without-certificate"].found);
  settings_.period = month_period("2026-11").value();
  EXPECT_EQ(1U, inspected()["cases-without-certificate"].found);
}

TEST_F(PushReadingTest, MoreMessagesThanAreReadAtOnce) {
  constexpr int kCases = 620;
  std::vector<Message> events;
  for (int i = 0; i < kCases; ++i) {
    events.push_back(event_of("case-" + std::to_string(i), "BANJIE"));
    if (events.size() < 155) continue;
    store_->accept("registration", events);
    events.clear();
  }
  clock_.advance(hours(25));
  EXPECT_EQ(static_cast<std::uint64_t>(kCases), inspected()["cases-without-certificate"].found);
}

}  // namespace
}  // namespace certbridge::host

// A full disk: nothing new is taken in, nothing acknowledged is lost, deliveries go on.
#include "limited_disk.h"
#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

Result<std::unique_ptr<Store>> open_small(const std::string& folder, const Clock& clock) {
  StoreSettings settings = sqlite_settings(folder, clock);
  settings.reserve_bytes = 4ULL << 20;
  return open_sqlite_store(settings);
}

class DiskFull : public StoreContract {
 protected:
  void TearDown() override { limit_disk("", 0); }

  // Hands over messages until the disk is full; answers the identifiers of those accepted.
  std::vector<std::string> fill(const std::string& prefix) {
    std::vector<std::string> accepted;
    for (int i = 0; i < 10'000; ++i) {
      const std::string name = prefix + std::to_string(i);
      Message message = event(name, {{"case", name}});
      message.body = content_of(std::string(10'000, 'b'));
      const Acceptance answer = hand_over(message);
      if (answer.verdict == Acceptance::Verdict::kBusy) {
        EXPECT_EQ(answer.code, "journal.full");
        EXPECT_GT(answer.retry_after.count(), 0);
        return accepted;
      }
      accepted.push_back(answer.id);
    }
    ADD_FAILURE() << "the disk never was full";
    return accepted;
  }
};

TEST_P(DiskFull, IntakeIsRefusedAndDeliveriesGoOnFromTheReserve) {
  const std::string waiting = accept_one(event("first", {}));
  route(waiting, {to_endpoint("library"), to_endpoint("province")});
  limit_disk(folder_.path(), disk_used(folder_.path()) + (1ULL << 20));
  std::vector<std::string> accepted = fill("before");
  ASSERT_FALSE(accepted.empty());
  for (const char* endpoint : {"library", "province"}) {
    for (const DeliveryState to : {DeliveryState::kSending, DeliveryState::kDelivered}) {
      const auto moved = move(delivery(waiting, endpoint), to);
      ASSERT_TRUE(moved.ok()) << moved.error().code;
    }
  }
  // A start needs no room either. It frees what the log took, so that a little more is taken in.
  open();
  const std::vector<std::string> more = fill("after");
  accepted.insert(accepted.end(), more.begin(), more.end());
  EXPECT_EQ(delivery(waiting, "province").state, DeliveryState::kDelivered);
  for (const std::string& id : accepted) EXPECT_TRUE(store().message(id).ok()) << id;
  limit_disk("", 0);
  EXPECT_EQ(hand_over(event("late", {})).verdict, Acceptance::Verdict::kAccepted);
}
INSTANTIATE_TEST_SUITE_P(Stores, DiskFull, ::testing::Values(StoreCase{"Sqlite", open_small}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace certbridge::host::testing

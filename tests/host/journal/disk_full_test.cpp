// A full disk: nothing new is taken in, nothing acknowledged is lost, deliveries go on.
#include <filesystem>

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
// The files of contents may lie on a volume of their own: each of the two may be full alone.
class OwnVolume : public DiskFull {
 protected:
  void SetUp() override {
    for (const char* part : {"content", "spool"}) {
      std::filesystem::create_directory(volume_.path() + "/" + part);
      std::filesystem::create_directory_symlink(volume_.path() + "/" + part,
                                                folder_.path() + "/" + part);
    }
    open();
    waiting_ = accept_one(event("first", {}));
    route(waiting_, {to_endpoint("library")});
  }
  void leave_room(const std::string& folder, std::uint64_t bytes) {
    limit_disk(folder, disk_used(folder) + bytes);
  }
  Acceptance offer(const std::string& name, std::size_t bytes) {
    Message message = event(name, {{"case", name}});
    message.body = content_of(name + std::string(bytes, 'b'));
    return hand_over(message);
  }
  void expect_full(const Acceptance& answer) {
    EXPECT_EQ(answer.verdict, Acceptance::Verdict::kBusy);
    EXPECT_EQ(answer.code, "journal.full") << answer.message;
    EXPECT_GT(answer.retry_after.count(), 0);
  }
  void expect_delivered() {
    for (const DeliveryState to : {DeliveryState::kSending, DeliveryState::kDelivered}) {
      const auto moved = move(delivery(waiting_, "library"), to);
      ASSERT_TRUE(moved.ok()) << moved.error().code;
    }
  }
  std::uint64_t reserved() { return std::filesystem::file_size(folder_.path() + "/reserve"); }

  ScratchFolder volume_{};
  std::string waiting_{};
};

TEST_P(OwnVolume, WhileTheOneOfContentsIsFullWhatNeedsNoFileGoesOn) {
  leave_room(volume_.path(), 10'000);
  expect_full(offer("large", 100'000));
  EXPECT_EQ(offer("small", 1000).verdict, Acceptance::Verdict::kAccepted);
  expect_full(offer("large", 100'000));
  expect_delivered();
  EXPECT_EQ(reserved(), 4ULL << 20) << "the journal's own volume has room";
  open();
  expect_full(offer("large", 100'000));
  limit_disk("", 0);
  EXPECT_EQ(offer("large", 100'000).verdict, Acceptance::Verdict::kAccepted);
}

TEST_P(OwnVolume, WhileTheOneOfTheJournalIsFullNothingIsTakenInAndDeliveriesGoOn) {
  leave_room(folder_.path(), 1ULL << 20);
  fill("before");
  EXPECT_EQ(reserved(), 0U) << "given up";
  expect_full(offer("small", 1000));
  expect_full(offer("large", 100'000));
  expect_delivered();
  limit_disk("", 0);
  EXPECT_EQ(offer("late", 100'000).verdict, Acceptance::Verdict::kAccepted);
  EXPECT_EQ(reserved(), 4ULL << 20);
}
INSTANTIATE_TEST_SUITE_P(Stores, OwnVolume, ::testing::Values(StoreCase{"Sqlite", open_small}),
                         [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(Stores, DiskFull, ::testing::Values(StoreCase{"Sqlite", open_small}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace certbridge::host::testing

// The collector of orphans against somebody who stores the same bytes again at that moment.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <thread>

#include "journal/content_store.h"
#include "journal/database.h"
#include "journal/schema.h"
#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kInside = 100;

class ContentStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    keys_ = std::make_shared<Keyring>(std::string(32, 'k'), "test", Suite::kAes256Gcm);
    Connection connection(folder_.path() + "/journal.db", true);
    configure_connection(connection, true);
    prepare_schema(connection);
    keys_->make_missing(connection, clock_.now());
    keys_->load(connection);
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(folder_.path() + "/content")) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }
  // Stored, named by nobody, and older than the start of the host.
  void leave_orphan(ContentStore& store) const {
    store.prepare();
    {
      ContentHold hold(store);
      store.put(*bytes_, kInside, clock_.now(), hold);
    }
    const std::filesystem::path lock = folder_.path() + "/lock";
    std::ofstream(lock) << "";
    std::filesystem::last_write_time(lock, std::filesystem::file_time_type::clock::now() + 1h);
  }

  StandingClock clock_{};
  ScratchFolder folder_{};
  std::shared_ptr<Keyring> keys_{};
  const std::shared_ptr<const Content> bytes_ = content_of(std::string(5'000, 'b'));
};

TEST_F(ContentStoreTest, AnOrphanIsCollected) {
  ContentStore store(folder_.path(), keys_, [](const std::string&) { return std::string(); });
  leave_orphan(store);
  EXPECT_EQ(store.collect_orphans([] { return false; }), 1u);
  EXPECT_EQ(files(), 0u);
}

// At each of the collector's looks into the journal.
TEST_F(ContentStoreTest, BytesThatAreStoredAgainWhileTheyAreCollectedStay) {
  for (const int moment : {1, 2}) {
    int looks = 0;
    const auto collector = std::this_thread::get_id();
    std::function<void()> meanwhile = [] {};
    ContentStore store(folder_.path(), keys_, [&](const std::string&) {
      if (std::this_thread::get_id() == collector && ++looks == moment) meanwhile();
      return std::string();
    });
    leave_orphan(store);
    looks = 0;
    ContentHold hold(store);
    std::future<void> again;
    meanwhile = [&] {
      again =
          std::async(std::launch::async, [&] { store.put(*bytes_, kInside, clock_.now(), hold); });
      again.wait_for(200ms);  // it goes on now, or has to wait for the collector
    };
    store.collect_orphans([] { return false; });
    ASSERT_TRUE(again.valid()) << "the collector looks less often than " << moment << " times";
    again.get();
    EXPECT_EQ(files(), 1u) << "stored again at look " << moment;
  }
}

}  // namespace
}  // namespace certbridge::host::testing

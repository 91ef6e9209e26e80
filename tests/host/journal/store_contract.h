// What every store promises, whatever it is built on. A store's test makes the suite with a
// factory.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "journal/store.h"

namespace certbridge::host::testing {

// A clock that stands still until it is moved. Any thread.
class StandingClock final : public Clock {
 public:
  Timestamp now() const override { return Timestamp(std::chrono::milliseconds(now_.load())); }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(now_.load()));
  }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_{1'795'500'000'000};  // 2026-11-24
};

// What messages of the tests are ordered by.
inline const OrderKey kCase{"case", "C-1"};
inline const OrderKey kUnit{"unit", "U-1"};
inline const OrderKey kCertificate{"certificate", "C-1"};

// The journal of a test: its master key, the endpoint "quick" whose order is `accepted`, the lane
// of a message in its header "lane".
StoreSettings sqlite_settings(const std::string& folder, const Clock& clock);

struct StoreCase {
  std::string name{};
  // Opens (again) the store of this folder.
  std::function<Result<std::unique_ptr<Store>>(const std::string& folder, const Clock& clock)>
      open{};
};

// SQLite under each encryption that the journal knows.
const std::vector<StoreCase>& sqlite_stores();
std::string name_of_store(const ::testing::TestParamInfo<StoreCase>& info);

// An empty folder that goes with the object.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_{};
};

class StoreContract : public ::testing::TestWithParam<StoreCase> {
 protected:
  void SetUp() override { open(); }
  void open();  // closes the open store first
  Store& store() { return *store_; }

  std::string accept_one(const Message& message);
  Acceptance hand_over(const Message& message);
  // Routes an accepted message with deliveries named after their endpoints.
  void route(const std::string& id, const std::vector<PlannedDelivery>& deliveries);
  StoredDelivery delivery(const std::string& message_id, const std::string& name);
  Result<void> move(const StoredDelivery& from, DeliveryState to);
  std::vector<std::string> due_ids(const std::string& endpoint);
  std::vector<std::string> due_message_ids();

  StandingClock clock_{};
  ScratchFolder folder_{};
  std::unique_ptr<Store> store_{};
};

Message event(const std::string& source_key, const std::vector<OrderKey>& keys);
PlannedDelivery to_endpoint(const std::string& endpoint);
std::string text_of(const Content& content);

}  // namespace certbridge::host::testing

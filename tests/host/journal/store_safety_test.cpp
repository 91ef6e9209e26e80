// What the SQLite store refuses: wrong keys, damage, newer formats, a second host; and that its
// order holds against a naive model and against many threads at once.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "journal/database.h"
#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

class StoreSafety : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Store>> open(char key = 'k') {
    StoreSettings settings = sqlite_settings(folder_.path(), clock_);
    settings.master_key = std::string(32, key);
    return open_sqlite_store(settings);
  }
  void fill() {
    auto store = open();
    ASSERT_TRUE(store.ok());
    Message message = event("e1", {{"case", "C-1"}});
    message.headers["holder"] = "CANARY-HEADER";
    message.source_key = "CANARY-KEY";
    message.body = content_of("CANARY-BODY");
    message.attachments = {{"a", "text/plain", 30'000, {}, content_of(canary())}};
    store.value()->accept("registration", {message});
    store.value()->close();
  }
  static std::string canary() {
    std::string text;
    while (text.size() < 30'000) text += "CANARY-FILE ";
    text.resize(30'000);
    return text;
  }
  std::string database() const { return folder_.path() + "/journal.db"; }

  StandingClock clock_{};
  ScratchFolder folder_{};
};

std::string bytes_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(StoreSafety, RefusesAWrongMasterKey) {
  fill();
  EXPECT_EQ(open('x').error().code, "journal.wrong_key");
  EXPECT_TRUE(open().ok());
}

TEST_F(StoreSafety, RefusesASecondHost) {
  auto first = open();
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(open().error().code, "journal.in_use");
}

TEST_F(StoreSafety, RefusesANewerFormat) {
  fill();
  Connection(database(), false).command("pragma user_version = 9");
  EXPECT_EQ(open().error().code, "journal.newer_format");
}

TEST_F(StoreSafety, LeavesNothingReadableOnDisk) {
  fill();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = bytes_of_file(entry.path());
    for (const char* canary : {"CANARY", "C-1", "2026-e1"}) {
      EXPECT_EQ(bytes.find(canary), std::string::npos) << canary << " in " << entry.path();
    }
  }
}

TEST_F(StoreSafety, FindsADamagedRecord) {
  fill();
  Connection(database(), false)
      .command(
          "update message_contents set record = cast(substr(record, 1, 40) || "
          "case substr(record, 41, 1) when x'00' then x'01' else x'00' end || "
          "substr(record, 42) as blob)");
  auto store = open();
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(store.value()->message("m-0000000001").error().code, "journal.damaged");
}

TEST_F(StoreSafety, FindsARecordInAnotherRow) {
  fill();
  Connection(database(), false).command("update messages set area = '999999'");
  auto store = open();
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(store.value()->message("m-0000000001").error().code, "journal.damaged");
}

TEST_F(StoreSafety, FindsADamagedContentFile) {
  fill();
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder_.path() + "/content")) {
    if (!entry.is_regular_file()) continue;
    std::fstream file(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(1000);
    file.put('\x7f');
  }
  auto store = open();
  const auto message = store.value()->message("m-0000000001");
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(text_of(*message.value().message.attachments[0].content), "error: content.damaged");
}

TEST_F(StoreSafety, FindsADamagedDatabaseAndKeepsIt) {
  fill();
  Connection(database(), false).command("pragma journal_mode = delete");
  {
    std::fstream file(database(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(0);
    file << std::string(4096, '\x11');
  }
  EXPECT_EQ(open().error().code, "journal.damaged");
  EXPECT_EQ(bytes_of_file(database()).substr(0, 4096), std::string(4096, '\x11'));
}

TEST_F(StoreSafety, StoresEqualContentOnceAndCollectsOrphans) {
  auto store = open();
  std::vector<Message> messages;
  for (int i = 0; i < 5; ++i) {
    Message message = event("e" + std::to_string(i), {});
    message.attachments = {{"a", "text/plain", 30'000, {}, content_of(canary())}};
    messages.push_back(message);
  }
  store.value()->accept("registration", messages);
  const auto count = [&] {
    std::size_t files = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(folder_.path() + "/content")) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    return files;
  };
  EXPECT_EQ(count(), 1u);
  store.value()->close();
  std::filesystem::path bucket;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path() + "/content")) {
    bucket = entry.path();
  }
  std::ofstream(bucket / std::string(64, 'a')) << "left behind";
  std::filesystem::last_write_time(
      bucket / std::string(64, 'a'),
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  store = open();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (count() > 1 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(count(), 1u);
  EXPECT_TRUE(
      text_of(*store.value()->message("m-0000000001").value().message.attachments[0].content) ==
      canary());
}

TEST_F(StoreSafety, KeepsTheWriteAheadLogShort) {
  StoreSettings settings = sqlite_settings(folder_.path(), clock_);
  settings.restart_wal_bytes = 2 << 20;
  auto store = open_sqlite_store(settings);
  ASSERT_TRUE(store.ok());
  for (int i = 0; i < 1500; ++i) {
    Message message = event("e" + std::to_string(i), {});
    message.body = content_of(std::string(12'000, 'b'));
    store.value()->accept("registration", {message});
  }
  const StoreFigures figures = store.value()->figures().value();
  EXPECT_GT(figures.largest_wal_bytes, 1u << 20);
  EXPECT_LT(figures.largest_wal_bytes, 6u << 20);
}

// The naive model: everything in one list, every question a scan.
struct ModelDelivery {
  std::string message{};
  std::uint64_t order = 0;
  std::string endpoint{};
  std::vector<OrderKey> keys{};
  DeliveryState state = DeliveryState::kReady;
};
struct ModelMessage {
  std::uint64_t order = 0;
  std::vector<OrderKey> keys{};
  bool unrouted = true;
};
struct Model {
  std::map<std::string, ModelMessage> messages{};
  std::vector<ModelDelivery> deliveries{};

  static bool share(const std::vector<OrderKey>& left, const std::vector<OrderKey>& right) {
    return std::any_of(left.begin(), left.end(), [&](const OrderKey& key) {
      return std::find(right.begin(), right.end(), key) != right.end();
    });
  }
  bool is_free(const ModelDelivery& one) const {
    for (const auto& [id, message] : messages) {
      if (message.unrouted && message.order < one.order && share(message.keys, one.keys))
        return false;
    }
    return std::none_of(deliveries.begin(), deliveries.end(), [&](const ModelDelivery& other) {
      return other.endpoint == one.endpoint && other.order < one.order && !is_final(other.state) &&
             share(other.keys, one.keys);
    });
  }
  std::set<std::string> ready(const std::string& endpoint) const {
    std::set<std::string> found;
    for (const ModelDelivery& one : deliveries) {
      if (one.endpoint != endpoint || is_final(one.state)) continue;
      if (one.state == DeliveryState::kReady && is_free(one)) found.insert(one.message);
    }
    return found;
  }
};

class OrderModel : public StoreSafety, public ::testing::WithParamInterface<unsigned> {};

TEST_P(OrderModel, TheStoreIsReadyWhereTheModelIs) {
  std::mt19937 random(GetParam());
  const auto pick = [&](std::size_t count) { return random() % count; };
  auto opened = open();
  ASSERT_TRUE(opened.ok());
  std::unique_ptr<Store> store = std::move(opened).value();
  Model model;
  const std::vector<std::string> endpoints = {"library", "province"};
  for (int step = 0; step < 400; ++step) {
    const auto what = pick(10);
    if (what < 4) {
      std::vector<OrderKey> keys;
      for (std::size_t i = 0; i <= pick(3); ++i) keys.push_back({"unit", std::to_string(pick(6))});
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      // A lane never changes who is ready.
      Message message = event("e" + std::to_string(step), keys);
      message.headers["lane"] = to_text(static_cast<Lane>(1 + pick(3)));
      const auto answer = store->accept("s", {std::move(message)});
      const auto stored = store->message(answer[0].id);
      model.messages[answer[0].id] = {stored.value().message.order_number, keys, true};
    } else if (what < 7) {
      std::vector<std::string> open_ids;
      for (const auto& [id, message] : model.messages) {
        if (message.unrouted) open_ids.push_back(id);
      }
      if (open_ids.empty()) continue;
      const std::string id = open_ids[pick(open_ids.size())];
      ModelMessage& message = model.messages[id];
      Transition transition;
      MessageChange change;
      change.id = id;
      change.state = MessageState::kRouted;
      transition.messages = {change};
      for (const std::string& endpoint : endpoints) {
        if (pick(3) == 0) continue;
        transition.deliveries.push_back(to_endpoint(endpoint));
        model.deliveries.push_back(
            {id, message.order, endpoint, message.keys, DeliveryState::kReady});
      }
      ASSERT_TRUE(store->apply(transition).ok());
      message.unrouted = false;
    } else {
      const std::string endpoint = endpoints[pick(2)];
      std::vector<ModelDelivery*> going;
      for (ModelDelivery& one : model.deliveries) {
        const bool waiting = one.state == DeliveryState::kReady && !model.is_free(one);
        if (one.endpoint == endpoint && !is_final(one.state) && !waiting) going.push_back(&one);
      }
      if (going.empty()) continue;
      ModelDelivery& one = *going[pick(going.size())];
      const DeliveryState next[] = {DeliveryState::kSending, DeliveryState::kDelivered,
                                    DeliveryState::kRetryAt, DeliveryState::kParked,
                                    DeliveryState::kDiscarded};
      const auto stored = store->deliveries(one.message);
      DeliveryChange change;
      for (const StoredDelivery& each : stored.value()) {
        if (each.endpoint == endpoint) change.id = each.id;
      }
      change.state = next[pick(5)];
      change.next_at = clock_.now() + std::chrono::hours(1);
      Transition transition;
      transition.delivery_changes = {change};
      ASSERT_TRUE(store->apply(transition).ok());
      one.state = change.state;
    }
    for (const std::string& endpoint : endpoints) {
      std::set<std::string> found;
      const auto due = store->due_deliveries(endpoint, clock_.now(), 1000, {}, Lane::kBulk);
      ASSERT_TRUE(due.ok());
      for (const StoredDelivery& each : due.value()) found.insert(each.message_id);
      ASSERT_EQ(found, model.ready(endpoint)) << "after step " << step << " at " << endpoint;
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, OrderModel, ::testing::Range(1u, 7u));

TEST_F(StoreSafety, ManyThreadsLoseNothing) {
  auto store = open();
  ASSERT_TRUE(store.ok());
  constexpr int kThreads = 6;
  constexpr int kEach = 60;
  std::atomic<int> accepted{0};
  std::atomic<int> same{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        // Every key is handed over by two threads at once.
        const std::string key = "e" + std::to_string((thread / 2) * kEach + i);
        const auto answer =
            store.value()->accept("s", {event(key, {{"unit", std::to_string(i % 7)}})});
        accepted += answer[0].verdict == Acceptance::Verdict::kAccepted ? 1 : 0;
        same += answer[0].verdict == Acceptance::Verdict::kSame ? 1 : 0;
        if (answer[0].verdict != Acceptance::Verdict::kAccepted) continue;
        MessageChange change;
        change.id = answer[0].id;
        change.expected = {MessageState::kAccepted};
        change.state = MessageState::kRouted;
        Transition transition;
        transition.messages = {change};
        transition.deliveries = {to_endpoint("library")};
        EXPECT_TRUE(store.value()->apply(transition).ok());
        EXPECT_TRUE(store.value()->message(answer[0].id).ok());
        EXPECT_TRUE(
            store.value()->due_deliveries("library", clock_.now(), 10, {}, Lane::kBulk).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, kThreads / 2 * kEach);
  EXPECT_EQ(same, kThreads / 2 * kEach);
  const StoreFigures figures = store.value()->figures().value();
  EXPECT_EQ(figures.messages_by_state[static_cast<int>(MessageState::kRouted)],
            static_cast<std::uint64_t>(kThreads / 2 * kEach));
  EXPECT_LT(figures.commits, figures.transitions);  // groups did form
}

// One that fails after it has written its first child: neither that nor anything of the others may
// be left or lost.
TEST_F(StoreSafety, AChangeThatFailsUndoesItselfAndNothingElseOfItsGroup) {
  auto store = open();
  ASSERT_TRUE(store.ok());
  constexpr int kThreads = 6;
  constexpr int kEach = 25;
  const auto routed = [](const std::string& id, const std::vector<std::string>& children) {
    Transition transition;
    transition.messages.emplace_back();
    transition.messages[0].id = id;
    transition.messages[0].expected = {MessageState::kAccepted};
    transition.messages[0].state = MessageState::kRouted;
    for (const std::string& child : children) {
      transition.children.emplace_back();
      transition.children.back().message = event("", {});
      transition.children.back().message.id = child;
      transition.children.back().deliveries = {to_endpoint("library")};
    }
    return transition;
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        const std::string key = "e" + std::to_string(thread * kEach + i);
        const auto answer = store.value()->accept("s", {event(key, {{"unit", key}})});
        ASSERT_EQ(answer[0].verdict, Acceptance::Verdict::kAccepted);
        const std::string child = answer[0].id + "/1";
        EXPECT_EQ(store.value()->apply(routed(answer[0].id, {child, "nobody's"})).error().code,
                  "journal.child_id");
        EXPECT_TRUE(store.value()->children(answer[0].id).value().empty());
        EXPECT_TRUE(store.value()->apply(routed(answer[0].id, {child})).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const StoreFigures figures = store.value()->figures().value();
  EXPECT_EQ(figures.messages_by_state[static_cast<int>(MessageState::kAccepted)], 0u);
  EXPECT_EQ(figures.messages_by_state[static_cast<int>(MessageState::kRouted)],
            static_cast<std::uint64_t>(2 * kThreads * kEach));
  EXPECT_LT(figures.commits, figures.transitions);  // groups did form
}

}  // namespace
}  // namespace certbridge::host::testing

#include "store_contract.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace certbridge::host::testing {

ScratchFolder::ScratchFolder() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "certbridge-journal-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch folder");
  path_ = pattern;
}
ScratchFolder::~ScratchFolder() { std::filesystem::remove_all(path_); }

Message event(const std::string& source_key, const std::vector<OrderKey>& keys) {
  Message message;
  message.type = "registration.event";
  message.source_key = source_key;
  message.order_keys = keys;
  message.created = Timestamp(std::chrono::milliseconds(1'795'400'000'000));
  message.area = "411302";
  message.headers = {{"event-type", "SHANZHENG"}, {"case-no", "2026-" + source_key}};
  message.media_type = "application/json";
  message.body = content_of("{\"event\":\"" + source_key + "\"}");
  return message;
}

PlannedDelivery to_endpoint(const std::string& endpoint) {
  return {endpoint, endpoint, "main", {}};
}

StoreSettings sqlite_settings(const std::string& folder, const Clock& clock) {
  StoreSettings settings;
  settings.folder = folder;
  settings.master_key = std::string(32, 'k');
  settings.master_key_id = "master-1";
  settings.goes_on_receipt = [](const std::string& endpoint) { return endpoint == "quick"; };
  settings.lane_of = [](const std::string&, const Message& message) {
    const auto given = message.headers.find("lane");
    return given == message.headers.end() ? Lane::kLive : lane_named(given->second).value();
  };
  settings.clock = &clock;
  return settings;
}

const std::vector<StoreCase>& sqlite_stores() {
  const auto with = [](const std::string& name, const std::string& cipher) {
    return StoreCase{name, [cipher](const std::string& folder, const Clock& clock) {
                       StoreSettings settings = sqlite_settings(folder, clock);
                       settings.cipher = cipher;
                       return open_sqlite_store(settings);
                     }};
  };
  static const std::vector<StoreCase> kAll{with("SqliteAes", "aes-256-gcm"),
                                           with("SqliteSm4", "sm4-ctr-hmac-sm3")};
  return kAll;
}
std::string name_of_store(const ::testing::TestParamInfo<StoreCase>& info) {
  return info.param.name;
}

std::string text_of(const Content& content) {
  auto bytes = read_all(content, 64 << 20);
  return bytes ? bytes.value() : "error: " + bytes.error().code;
}

void StoreContract::open() {
  if (store_ != nullptr) store_->close();
  store_.reset();
  auto opened = GetParam().open(folder_.path(), clock_);
  ASSERT_TRUE(opened.ok()) << opened.error().code << ": " << opened.error().message;
  store_ = std::move(opened).value();
}

Acceptance StoreContract::hand_over(const Message& message) {
  return store().accept("registration", {message}).at(0);
}
std::string StoreContract::accept_one(const Message& message) {
  const Acceptance answer = hand_over(message);
  EXPECT_EQ(answer.verdict, Acceptance::Verdict::kAccepted) << answer.code << answer.message;
  return answer.id;
}

void StoreContract::route(const std::string& id, const std::vector<PlannedDelivery>& deliveries) {
  Transition transition;
  MessageChange change;
  change.id = id;
  change.expected = {MessageState::kAccepted, MessageState::kIncomplete};
  change.state = MessageState::kRouted;
  transition.messages = {change};
  transition.deliveries = deliveries;
  const auto applied = store().apply(transition);
  ASSERT_TRUE(applied.ok()) << applied.error().code << ": " << applied.error().message;
}

StoredDelivery StoreContract::delivery(const std::string& message_id, const std::string& name) {
  const auto all = store().deliveries(message_id);
  EXPECT_TRUE(all.ok());
  for (const StoredDelivery& each : all.value()) {
    if (each.name == name) return each;
  }
  ADD_FAILURE() << "no delivery " << name << " of " << message_id;
  return {};
}

Result<void> StoreContract::move(const StoredDelivery& from, DeliveryState to) {
  DeliveryChange change;
  change.id = from.id;
  change.expected = {from.state};
  change.state = to;
  change.attempts = from.attempts + 1;
  // The verdict of an open one is not overdue yet.
  change.next_at = clock_.now() + std::chrono::hours(to == DeliveryState::kOpen ? 1 : 0);
  Transition transition;
  transition.delivery_changes = {change};
  return store().apply(transition);
}

std::vector<std::string> StoreContract::due_ids(const std::string& endpoint) {
  const auto due = store().due_deliveries(endpoint, clock_.now(), 100, {}, Lane::kBulk);
  EXPECT_TRUE(due.ok());
  std::vector<std::string> ids;
  for (const StoredDelivery& each : due.value()) ids.push_back(each.message_id);
  return ids;
}
std::vector<std::string> StoreContract::due_message_ids() {
  const auto due = store().due_messages(clock_.now(), 100, {}, Lane::kBulk);
  EXPECT_TRUE(due.ok());
  std::vector<std::string> ids;
  for (const StoredMessage& each : due.value()) ids.push_back(each.message.id);
  return ids;
}

}  // namespace certbridge::host::testing

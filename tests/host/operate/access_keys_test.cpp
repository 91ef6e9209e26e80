// Keys of a holder are destroyed by two persons: one asks, another confirms.
#include "operate_fixture.h"

namespace certbridge::host {
namespace {

constexpr const char* kFirstKey = "key-of-chen-0123456789-0123456789";
constexpr const char* kSecondKey = "key-of-yang-0123456789-0123456789";

class KeptKeys final : public PersonalKeyDestroyer {
 public:
  explicit KeptKeys(const Clock& clock) : clock_(clock) {}
  Result<std::uint64_t> destroy_personal(const std::string& holder,
                                         const AccessRecord& why) override {
    const std::lock_guard lock(mutex_);
    destroyed.push_back(holder + " by " + why.person + " for " + std::to_string(why.refers_to));
    for (ReadAccess& one : records_) one.about_is_gone = one.record.holder == holder;
    return 3;
  }
  Result<AccessPlace> append(const AccessRecord& record) override {
    const std::lock_guard lock(mutex_);
    ReadAccess& kept = records_.emplace_back();
    kept.record = record;
    kept.written = clock_.now();
    return AccessPlace{"2026-11-0001", records_.size(), {}};
  }
  Result<ReadAccess> record(std::uint64_t number) override {
    const std::lock_guard lock(mutex_);
    if (number == 0 || number > records_.size()) {
      return Error::permanent("access.no_such_record", "none");
    }
    ReadAccess read = records_[number - 1];
    read.written -= age;
    return read;
  }
  std::chrono::hours age{0};  // of every record
  std::vector<std::string> destroyed{};

 private:
  const Clock& clock_;
  std::mutex mutex_{};
  std::vector<ReadAccess> records_{};
};

class AccessKeysTest : public OperateTest {
 protected:
  AccessKeysTest() {
    keys_of_people_["key-chen"] = kFirstKey;
    keys_of_people_["key-yang"] = kSecondKey;
    for (const char* name : {"chen", "yang"}) {
      Person person;
      person.name = name;
      person.roles = {Role::kSecurityAdministrator};
      person.key_secret = std::string("key-") + name;
      configuration_.operate.people.push_back(person);
    }
    access_keys_ = &keys_;
  }
  std::string request(const std::string& key = kFirstKey) {
    return value_of(done(key, "access destroy-keys", {{"holder", "H-1"}, {"reason", "an order"}}),
                    "request");
  }
  ParameterValues confirm(const std::string& request) {
    return {{"request", request}, {"reason", "I saw the order"}};
  }

  KeptKeys keys_{clock_};
};

TEST_F(AccessKeysTest, OneAsksAndAnotherConfirms) {
  const std::string number = request();
  EXPECT_TRUE(keys_.destroyed.empty());
  const AccessRecord asked = keys_.record(1).value().record;
  EXPECT_EQ(asked.kind, AccessKind::kKeysDestroyed);
  EXPECT_EQ(asked.decision, AccessDecision::kDenied);
  EXPECT_EQ(asked.person + " " + asked.purpose + " " + asked.holder, "chen an order H-1");
  EXPECT_EQ(refused(409, kFirstKey, "access confirm-destruction", confirm(number)),
            "keys.second_person");
  EXPECT_TRUE(keys_.destroyed.empty());
  EXPECT_EQ(value_of(done(kSecondKey, "access confirm-destruction", confirm(number)), "records"),
            "3");
  EXPECT_EQ(keys_.destroyed, std::vector<std::string>{"H-1 by yang for 1"});
  EXPECT_EQ(refused(409, kSecondKey, "access confirm-destruction", confirm(number)),
            "keys.already_destroyed");
  const OperationAnswer actions =
      done(kAuditorKey, "actions list", {{"target", "access record 1"}});
  EXPECT_EQ(rows_of(actions, "actions"), 2U);
}

TEST_F(AccessKeysTest, NobodyElseAndNothingElseAndNotForEver) {
  EXPECT_EQ(refused(403, kOperatorKey, "access destroy-keys", {{"holder", "H"}, {"reason", "r"}}),
            "operate.role");
  const std::string number = request();
  EXPECT_EQ(refused(403, kAuditorKey, "access confirm-destruction", confirm(number)),
            "operate.role");
  EXPECT_EQ(refused(409, kSecondKey, "access confirm-destruction", confirm("9")),
            "access.no_such_record");
  AccessRecord query;
  query.holder = "H-1";
  ASSERT_TRUE(keys_.append(query).ok());
  EXPECT_EQ(refused(409, kSecondKey, "access confirm-destruction", confirm("2")),
            "keys.no_request");
  keys_.age = std::chrono::hours(7 * 24);
  EXPECT_EQ(refused(409, kSecondKey, "access confirm-destruction", confirm(number)),
            "keys.too_late");
  EXPECT_TRUE(keys_.destroyed.empty());
}

TEST_F(AccessKeysTest, WithoutAccessRecordsThereAreNoKeys) {
  access_keys_ = nullptr;
  EXPECT_EQ(refused(409, kFirstKey, "access destroy-keys", {{"holder", "H"}, {"reason", "r"}}),
            "access.none");
}

}  // namespace
}  // namespace certbridge::host

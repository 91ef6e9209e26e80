// The journal verified, counted, copied away and put back.
#include "journal/maintenance.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "journal/database.h"
#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace files = std::filesystem;

class Maintenance : public StoreContract {
 protected:
  // Three messages on their way to a library: one delivered, one being sent, one behind it.
  void fill() {
    for (const char* key : {"e1", "e2", "e3"}) {
      Message message = event(key, {{"case", key == std::string("e1") ? "C-1" : "C-2"}});
      message.attachments = {
          {"a", "text/plain", 100'000, {}, content_of(std::string(100'000, key[1]))}};
      route(accept_one(message), {to_endpoint("library")});
    }
    ASSERT_TRUE(move(of(1), DeliveryState::kSending).ok());
    Receipt receipt;
    receipt.remote_id = "R-1";
    DeliveryChange change;
    change.id = of(1).id;
    change.state = DeliveryState::kDelivered;
    change.attempts = 1;
    change.receipt = receipt;
    Transition transition;
    transition.delivery_changes = {change};
    transition.memory = {{"library", {"certificate", "X"}, "token", "value"}};
    transition.counters = {{"library", "serial", "m-0000000001/read", 1}};
    ASSERT_TRUE(store().apply(transition).ok());
    ASSERT_TRUE(move(of(2), DeliveryState::kSending).ok());
  }
  StoredDelivery of(int number) { return delivery(id_of(number), "library"); }
  static std::string id_of(int number) { return "m-000000000" + std::to_string(number); }
  StoreSettings settings() { return sqlite_settings(folder_.path(), clock_); }
  std::string backup_folder() { return elsewhere_.path() + "/backup"; }
  void lose() {
    store_->close();
    store_.reset();
    files::remove_all(folder_.path());
  }
  std::string some_content_file(const std::string& folder) {
    for (const auto& entry : files::recursive_directory_iterator(folder + "/content")) {
      if (entry.is_regular_file()) return entry.path().string();
    }
    ADD_FAILURE() << "no content file in " << folder;
    return {};
  }
  static void flip_byte(const std::string& path, std::streamoff at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(at);
    file.put(byte);
  }
  std::vector<Damage> damages() {
    const auto found = verify_journal(settings());
    EXPECT_TRUE(found.ok()) << found.error().message;
    return found ? found.value().damages : std::vector<Damage>{};
  }

  ScratchFolder elsewhere_{};
};

TEST_P(Maintenance, AWholeJournalIsVerifiedWhileTheHostHasIt) {
  fill();
  const auto found = verify_journal(settings());
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_THAT(found.value().damages, IsEmpty())
      << found.value().damages.front().place << ": " << found.value().damages.front().what;
  EXPECT_EQ(found.value().messages, 3U);
  EXPECT_EQ(found.value().deliveries, 3U);
  EXPECT_EQ(found.value().values, 2U);
  EXPECT_EQ(found.value().content_files, 3U);
  EXPECT_EQ(found.value().content_bytes, 300'000U);
}

TEST_P(Maintenance, EveryKindOfDamageIsToldWithItsPlaceAndNothingIsRemoved) {
  fill();
  store_->close();
  const std::string file = some_content_file(folder_.path());
  flip_byte(file, 70'000);
  Connection(folder_.path() + "/journal.db", false)
      .command("update message_contents set record = body where number = 2");
  Connection(folder_.path() + "/journal.db", false).command("update memory set name = 'other'");
  Connection(folder_.path() + "/journal.db", false)
      .command("update deliveries set receipt = zeroblob(80) where id = 1");
  Connection(folder_.path() + "/journal.db", false)
      .command("insert into delivery_keys values (x'00', 'library', 1, 1)");
  const auto found = damages();
  EXPECT_THAT(found, Contains(Field(&Damage::place, "message " + id_of(2))));
  EXPECT_THAT(found, Contains(Field(&Damage::place, "delivery 1")));
  EXPECT_THAT(found, Contains(Field(&Damage::place, HasSubstr("memory of library"))));
  EXPECT_THAT(found, Contains(Field(&Damage::place, HasSubstr("content file 2026"))));
  EXPECT_THAT(found, Contains(Field(&Damage::place, "delivery_keys")));
  EXPECT_EQ(found.size(), 5U);
  EXPECT_TRUE(files::exists(file));
}

// A start reads the counts and no rows; verify compares the two.
TEST_P(Maintenance, CountsOfStatesAreRightAfterAStartAndAfterARestore) {
  fill();
  ASSERT_TRUE(backup_journal(settings(), backup_folder()).ok());
  open();
  const auto counted = [this](DeliveryState state) {
    const auto figures = store().figures();
    EXPECT_EQ(figures.value().messages_by_state[static_cast<int>(MessageState::kRouted)], 2U);
    return figures.value().deliveries_by_endpoint_and_state[0].second[static_cast<int>(state)];
  };
  EXPECT_EQ(counted(DeliveryState::kSending), 0U);
  EXPECT_EQ(counted(DeliveryState::kUnknown), 1U);
  EXPECT_EQ(counted(DeliveryState::kDelivered), 1U);
  EXPECT_THAT(damages(), IsEmpty());
  lose();
  ASSERT_TRUE(restore_journal(backup_folder(), settings(), 1000).ok());
  open();
  EXPECT_EQ(counted(DeliveryState::kUnknown), 1U);
  EXPECT_THAT(damages(), IsEmpty());
}

TEST_P(Maintenance, AWrongCountIsFound) {
  fill();
  store_->close();
  Connection(folder_.path() + "/journal.db", false)
      .command("update counts set number = number + 1 where endpoint = 'library' and state = 4");
  EXPECT_THAT(damages(), ElementsAre(Field(&Damage::place, "counts")));
}

// What a start reads does not grow with what the journal holds.
TEST_P(Maintenance, AStartCountsNothing) {
  fill();
  store_->close();
  Connection(folder_.path() + "/journal.db", false)
      .command("update counts set number = 1000000 where endpoint = 'library' and state = 4");
  open();
  const auto figures = store().figures();
  EXPECT_EQ(figures.value().deliveries_by_endpoint_and_state[0].second[4], 1'000'000U);
}

TEST_P(Maintenance, AMissingFileAndADamagedPageAreFound) {
  fill();
  store_->close();
  files::remove(some_content_file(folder_.path()));
  EXPECT_THAT(damages(), ElementsAre(Field(&Damage::place, HasSubstr("content file"))));
}

TEST_P(Maintenance, ADamagedPageIsFoundAndTheRestIsStillRead) {
  fill();
  store_->close();
  const std::string database = folder_.path() + "/journal.db";
  const auto page =
      Connection(database, false).number("select rootpage from sqlite_master where name = 'trace'");
  flip_byte(database, (*page - 1) * 4096);
  const auto found = verify_journal(settings());
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_THAT(found.value().damages, Contains(Field(&Damage::place, "journal.db")));
  EXPECT_EQ(found.value().messages, 3U);
  EXPECT_EQ(found.value().content_files, 3U);
}

TEST_P(Maintenance, StatisticsCountWhatThereIs) {
  fill();
  const auto found = journal_statistics(settings());
  ASSERT_TRUE(found.ok()) << found.error().message;
  const JournalStatistics& statistics = found.value();
  EXPECT_EQ(statistics.figures.messages_by_state[static_cast<int>(MessageState::kRouted)], 2U);
  EXPECT_EQ(statistics.figures.messages_by_state[static_cast<int>(MessageState::kDone)], 1U);
  ASSERT_EQ(statistics.figures.deliveries_by_endpoint_and_state.size(), 1U);
  EXPECT_EQ(statistics.figures.deliveries_by_endpoint_and_state[0].second[3], 1U);
  EXPECT_EQ(statistics.content_bytes, 300'000U);
  EXPECT_EQ(statistics.ledger_rows, 3U);
  EXPECT_GT(statistics.database_bytes, 4096U);
  EXPECT_THAT(statistics.key_months, ElementsAre("2026-11"));
  EXPECT_EQ(statistics.oldest_unfinished_id, id_of(2));
}

// Guarantee: what may have been delivered since the backup is asked about before it is sent again.
TEST_P(Maintenance, ARestoreSendsNothingWithoutAsking) {
  fill();
  ASSERT_TRUE(backup_journal(settings(), backup_folder()).ok());
  ASSERT_TRUE(move(of(2), DeliveryState::kDelivered).ok());  // a life that is lost
  ASSERT_TRUE(move(of(3), DeliveryState::kSending).ok());
  accept_one(event("e4", {{"case", "C-4"}}));
  lose();
  const auto restored = restore_journal(backup_folder(), settings(), 1000);
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  EXPECT_EQ(restored.value().in_doubt, 2U);
  open();
  EXPECT_THAT(damages(), IsEmpty());
  EXPECT_EQ(of(1).state, DeliveryState::kDelivered);
  EXPECT_EQ(of(1).receipt->remote_id, "R-1");
  EXPECT_EQ(of(2).state, DeliveryState::kUnknown);
  EXPECT_EQ(of(2).last_attempt, clock_.now());
  EXPECT_EQ(of(3).state, DeliveryState::kWaiting);
  ASSERT_TRUE(move(of(2), DeliveryState::kDelivered).ok());
  EXPECT_EQ(of(3).state, DeliveryState::kUnknown) << "it waited when the backup was made";
  EXPECT_EQ(text_of(*store().message(id_of(3)).value().message.attachments[0].content),
            std::string(100'000, '3'));
}

TEST_P(Maintenance, ADeliveryMadeLaterOfAMessageInTheBackupIsAskedAboutToo) {
  const std::string id = accept_one(event("e1", {{"case", "C-1"}}));
  ASSERT_TRUE(backup_journal(settings(), backup_folder()).ok());
  lose();
  ASSERT_TRUE(restore_journal(backup_folder(), settings(), 1000).ok());
  open();
  route(id, {to_endpoint("library")});
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kUnknown);
  // Found absent, it is tried again like any other.
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kSending).ok());
  const std::string later = accept_one(event("e2", {{"case", "C-2"}}));
  EXPECT_EQ(later, "m-0000001002") << "no number stands for two messages";
  route(later, {to_endpoint("library")});
  EXPECT_EQ(delivery(later, "library").state, DeliveryState::kReady);
}

TEST_P(Maintenance, SuchADeliveryIsNotSentAtOnceEither) {
  const std::string id = accept_one(event("e1", {{"case", "C-1"}}));
  ASSERT_TRUE(backup_journal(settings(), backup_folder()).ok());
  lose();
  ASSERT_TRUE(restore_journal(backup_folder(), settings(), 1000).ok());
  open();
  Transition transition;
  transition.messages.push_back({});
  transition.messages.front().id = id;
  transition.messages.front().state = MessageState::kRouted;
  transition.deliveries = {to_endpoint("library")};
  transition.send_at_once = {"library"};
  const auto begun = store().route(std::move(transition));
  ASSERT_TRUE(begun.ok());
  EXPECT_THAT(begun.value(), IsEmpty());
  EXPECT_EQ(delivery(id, "library").state, DeliveryState::kUnknown);
}

TEST_P(Maintenance, CountersGoOnBehindWhatWasLost) {
  fill();
  ASSERT_TRUE(backup_journal(settings(), backup_folder()).ok());
  lose();
  ASSERT_TRUE(restore_journal(backup_folder(), settings(), 50).ok());
  open();
  const auto next = store().counter("library", "serial", "m-0000000009/read");
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next.value().second, 52U);
  EXPECT_EQ(store().counter("library", "serial", "m-0000000001/read").value().first, 1U);
}

TEST_P(Maintenance, ABackupIsTakenWhileMessagesCome) {
  fill();
  const auto made = backup_journal(settings(), backup_folder());
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made.value().messages, 3U);
  EXPECT_EQ(made.value().content_files, 3U);
  accept_one(event("e9", {{"case", "C-9"}}));
  EXPECT_EQ(backup_journal(settings(), backup_folder()).error().code, "journal.backup_exists");
}

TEST_P(Maintenance, ARestoreRefusesWhatIsNotWhole) {
  fill();
  ASSERT_TRUE(backup_journal(settings(), backup_folder()).ok());
  EXPECT_EQ(restore_journal(backup_folder(), settings(), 1).error().code, "journal.restore_exists");
  const StoreSettings target = sqlite_settings(elsewhere_.path() + "/new", clock_);
  StoreSettings other_key = target;
  other_key.master_key_id = "master-2";
  EXPECT_EQ(restore_journal(backup_folder(), other_key, 1).error().code, "journal.wrong_key");
  const std::string content = some_content_file(backup_folder());
  files::rename(content, content + ".away");
  EXPECT_EQ(restore_journal(backup_folder(), target, 1).error().code, "journal.backup_damaged");
  files::rename(content + ".away", content);
  flip_byte(backup_folder() + "/journal.db", 5000);
  EXPECT_EQ(restore_journal(backup_folder(), target, 1).error().code, "journal.backup_damaged");
  files::remove(backup_folder() + "/manifest.xml");
  EXPECT_EQ(restore_journal(backup_folder(), target, 1).error().code, "journal.backup_damaged");
  EXPECT_FALSE(files::exists(target.folder + "/journal.db"));
}

// What is stored says itself how it is encrypted.
INSTANTIATE_TEST_SUITE_P(Stores, Maintenance, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing

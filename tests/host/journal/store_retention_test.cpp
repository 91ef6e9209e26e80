// Bodies are dropped after their time, once everything about a message is settled; what is kept for
// ever is kept.
#include <fstream>
#include <sstream>

#include "certbridge/certificate.h"
#include "certbridge/delivery_memory.h"
#include "journal/database.h"
#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

using std::chrono::milliseconds;

class Retention : public StoreContract {
 protected:
  // An event with a body and an attachment in files of their own, on its way to a library.
  std::string on_its_way(const std::string& key) {
    Message sent = event(key, {{"case", "C-" + key}});
    sent.body = content_of(std::string(100'000, key[0]));
    sent.attachments = {{"certificate.ofd", "application/ofd", 3, {}, content_of("ofd of " + key)}};
    const std::string id = accept_one(sent);
    route(id, {to_endpoint("library")});
    return id;
  }
  bool has_body(const std::string& id) {
    return text_of(*store().message(id).value().message.body) != "error: content.dropped";
  }
  // Bytes of the database and of what was not written into it yet.
  std::string journal_bytes() const {
    std::ostringstream bytes;
    for (const char* name : {"/journal.db", "/journal.db-wal"}) {
      const std::ifstream file(folder_.path() + name, std::ios::binary);
      if (file.is_open()) bytes << file.rdbuf();
    }
    return bytes.str();
  }
  std::uint64_t drop() { return store().drop_bodies(clock_.now()).value(); }
};

TEST_P(Retention, OnlyOfWhatIsSettled) {
  const std::vector<DeliveryState> unsettled{DeliveryState::kReady,   DeliveryState::kSending,
                                             DeliveryState::kOpen,    DeliveryState::kRetryAt,
                                             DeliveryState::kUnknown, DeliveryState::kParked,
                                             DeliveryState::kRepair};
  for (std::size_t i = 0; i < unsettled.size(); ++i) {
    const std::string id = on_its_way(std::to_string(i));
    if (unsettled[i] != DeliveryState::kReady) {
      ASSERT_TRUE(move(delivery(id, "library"), unsettled[i]).ok());
    }
    clock_.advance(std::chrono::hours(24 * 365));
    EXPECT_EQ(drop(), 0U) << to_text(unsettled[i]);
    EXPECT_TRUE(has_body(id)) << to_text(unsettled[i]);
    ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kDelivered).ok());
    clock_.advance(milliseconds(1));
    EXPECT_EQ(drop(), 1U) << to_text(unsettled[i]);
    EXPECT_FALSE(has_body(id)) << to_text(unsettled[i]);
  }
  const std::string parked = accept_one(event("parked", {}));
  MessageChange change;
  change.id = parked;
  change.state = MessageState::kParked;
  Transition transition;
  transition.messages = {change};
  ASSERT_TRUE(store().apply(transition).ok());
  clock_.advance(std::chrono::hours(24 * 365));
  EXPECT_EQ(drop(), 0U);
  EXPECT_TRUE(has_body(parked));
}

TEST_P(Retention, OnlyAfterItsTimeSinceItWasSettled) {
  const std::string id = on_its_way("1");
  clock_.advance(std::chrono::hours(100));
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kDelivered).ok());
  const Timestamp settled = clock_.now();
  EXPECT_EQ(store().drop_bodies(settled).value(), 0U);  // just now
  EXPECT_TRUE(has_body(id));
  EXPECT_EQ(store().drop_bodies(settled + milliseconds(1)).value(), 1U);
  EXPECT_FALSE(has_body(id));
}

TEST_P(Retention, WhatAnEndpointKeptOfADeliveryGoesWithItsBody) {
  const std::string id = on_its_way("1");
  const OrderKey key = of_delivery(id + "/library");
  const OrderKey of_another = of_delivery(id + "0/library");
  Transition transition;
  transition.memory = {{"library", key, "bytes", std::string(100'000, 'x')},
                       {"library", of_another, "bytes", "kept"},
                       {"library", {}, "number", "42"}};
  ASSERT_TRUE(store().apply(transition).ok());
  ASSERT_TRUE(move(delivery(id, "library"), DeliveryState::kDelivered).ok());
  store_.reset();
  std::string sealed;
  {
    Connection connection(folder_.path() + "/journal.db", false);
    Statement& row =
        connection.select("b", "select value from memory where length(value) > 100000");
    ASSERT_TRUE(row.next());
    sealed = row.blob(0).substr(50'000, 32);
  }
  ASSERT_NE(journal_bytes().find(sealed), std::string::npos);
  open();
  clock_.advance(milliseconds(1));
  ASSERT_EQ(drop(), 1U);
  EXPECT_FALSE(store().memory("library", key, "bytes").value());
  EXPECT_EQ(store().memory("library", of_another, "bytes").value(), "kept");
  EXPECT_EQ(store().memory("library", {}, "number").value(), "42");
  store_.reset();
  EXPECT_EQ(journal_bytes().find(sealed), std::string::npos);
  open();
}

TEST_P(Retention, LedgerReceiptsTombstonesAndWhatAMessageIsFoundByAreKept) {
  const std::string id = on_its_way("1");
  Receipt receipt;
  receipt.remote_id = "R-1";
  receipt.correlation = "corr-1";
  DeliveryChange delivered;
  delivered.id = delivery(id, "library").id;
  delivered.state = DeliveryState::kDelivered;
  delivered.attempts = 1;
  delivered.receipt = receipt;
  RegisteredCertificate tombstone;  // of a certificate that never was electronic
  tombstone.key = certificate_key("T1", "Z-1", "I1");
  tombstone.life.number = "Z-1";
  tombstone.life.issuer_code = "I1";
  tombstone.life.word = "cancelled";
  Transition transition;
  transition.delivery_changes = {delivered};
  transition.certificates.push_back({tombstone});
  transition.memory = {{"library", {"case", "C-1"}, "token", "value"}};
  transition.trace.push_back({id, clock_.now(), "deliver library", "ok", "", {}});
  ASSERT_TRUE(store().apply(transition).ok());
  const StoredMessage before = store().message(id).value();
  clock_.advance(milliseconds(1));
  ASSERT_EQ(drop(), 1U);
  open();

  const StoredMessage after = store().message(id).value();
  EXPECT_FALSE(has_body(id));
  EXPECT_EQ(text_of(*after.message.attachments.at(0).content), "error: content.dropped");
  EXPECT_EQ(after.message.attachments.at(0).digest, before.message.attachments.at(0).digest);
  EXPECT_EQ(after.message.headers, before.message.headers);
  EXPECT_EQ(after.message.order_keys, before.message.order_keys);
  ASSERT_TRUE(delivery(id, "library").receipt.has_value());
  EXPECT_EQ(delivery(id, "library").receipt->remote_id, "R-1");
  EXPECT_TRUE(store().certificate(tombstone.key).value().has_value());
  EXPECT_EQ(store().memory("library", {"case", "C-1"}, "token").value(), "value");
  EXPECT_EQ(store().trace(id).value().size(), 1U);
  EXPECT_EQ(store().messages_with_key({"case", "C-1"}, 10).value().size(), 1U);
  // The ledger: the same is known, and something else under its key is a conflict.
  Message again = event("1", {{"case", "C-1"}});
  EXPECT_EQ(hand_over(again).verdict, Acceptance::Verdict::kConflict);
  again.body = content_of(std::string(100'000, '1'));
  again.attachments = {{"certificate.ofd", "application/ofd", 3, {}, content_of("ofd of 1")}};
  EXPECT_EQ(hand_over(again).verdict, Acceptance::Verdict::kSame);
}

INSTANTIATE_TEST_SUITE_P(Stores, Retention, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing

// The register of certificates: rows, their expectations, and what a delivery says of them.
#include "certbridge/certificate.h"
#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

const OrderKey kRegistered = certificate_key("T1", "豫(2026)南阳市不动产权第0000001号", "I1");

RegisteredCertificate sealed_of(int version) {
  RegisteredCertificate it;
  it.key = kRegistered;
  it.version = version;
  it.life.number = "豫（2026）南阳市不动产权第0000001号";
  it.life.type_code = "T1";
  it.life.issuer_code = "I1";
  it.life.area = "411300";
  it.life.identifier = "identifier-" + std::to_string(version);
  it.life.word = "valid";
  it.life.state.base = {Status::Base::kIssued, "", {}};
  return it;
}

class Register : public StoreContract {
 protected:
  Result<void> put(const RegisteredCertificate& after) {
    Transition transition;
    transition.certificates.push_back({after});
    return store().apply(transition);
  }
  RegisteredCertificate row() {
    auto found = store().certificate(kRegistered);
    EXPECT_TRUE(found.ok() && found.value().has_value());
    return found && found.value() ? *found.value() : RegisteredCertificate{};
  }
  // A message whose delivery says that this version was collected.
  StoredDelivery collecting(const std::string& source_key, int version) {
    const std::string id = accept_one(event(source_key, {kRegistered}));
    PlannedDelivery planned = to_endpoint("library");
    planned.collects = {kRegistered, version};
    route(id, {planned});
    return delivery(id, "library");
  }
  StoredDelivery now(const StoredDelivery& before) {
    return delivery(before.message_id, before.name);
  }
  Status::Base base() { return row().life.state.base.base; }
};

TEST_P(Register, KeepsARowOverARestart) {
  EXPECT_FALSE(store().certificate(kRegistered).value().has_value());
  ASSERT_TRUE(put(sealed_of(1)).ok());
  open();
  EXPECT_EQ(row().version, 1);
  EXPECT_EQ(row().revision, 1u);
  EXPECT_EQ(row().life.identifier, "identifier-1");
  EXPECT_FALSE(store().certificate(certificate_key("T2", "x", "I1")).value().has_value());
}

TEST_P(Register, ARowThatHasMovedOnIsNotOverwritten) {
  ASSERT_TRUE(put(sealed_of(1)).ok());
  EXPECT_EQ(put(sealed_of(2)).error().code, "journal.state_changed");
  RegisteredCertificate next = row();
  next.version = 2;
  ASSERT_TRUE(put(next).ok());
  EXPECT_EQ(put(next).error().code, "journal.state_changed");
  EXPECT_EQ(row().version, 2);
  EXPECT_EQ(row().revision, 2u);
}

TEST_P(Register, AnEventIsEnteredWhenNothingEarlierOfItsKeysIsUnrouted) {
  const OrderKey unit{"unit", "U1"};
  const std::string earlier = accept_one(event("e1", {unit}));
  const std::string later = accept_one(event("e2", {unit}));
  Transition entered;
  MessageChange change;
  change.id = later;
  change.state = MessageState::kRouted;
  entered.messages.push_back(change);
  entered.certificates.push_back({sealed_of(1)});
  EXPECT_EQ(store().apply(entered).error().code, "journal.earlier_unrouted");
  EXPECT_FALSE(store().certificate(kRegistered).value().has_value());
  EXPECT_EQ(store().message(later).value().state, MessageState::kAccepted);
  route(earlier, {to_endpoint("library")});
  EXPECT_TRUE(store().apply(entered).ok());
  EXPECT_EQ(row().version, 1);
}

TEST_P(Register, AnIncompleteThatCanEnterNothingHoldsNobodyBack) {
  const OrderKey unit{"unit", "U1"};
  const std::string earlier = accept_one(event("e1", {unit}));
  const std::string later = accept_one(event("e2", {unit}));
  Transition entered;
  MessageChange change;
  change.id = later;
  change.state = MessageState::kRouted;
  entered.messages.push_back(change);
  entered.certificates.push_back({sealed_of(1)});
  entered.deliveries = {to_endpoint("library")};
  const auto waits = [&](bool holds_back) {
    MessageChange wanted;
    wanted.id = earlier;
    wanted.state = MessageState::kIncomplete;
    wanted.holds_back = holds_back;
    Transition transition;
    transition.messages.push_back(wanted);
    ASSERT_TRUE(store().apply(std::move(transition)).ok());
  };
  waits(true);
  EXPECT_EQ(store().apply(entered).error().code, "journal.earlier_unrouted");
  const std::string routed = accept_one(event("e3", {unit}));
  route(routed, {to_endpoint("report")});
  EXPECT_EQ(delivery(routed, "report").state, DeliveryState::kWaiting);
  waits(false);
  EXPECT_EQ(delivery(routed, "report").state, DeliveryState::kWaiting) << "e2 is before it";
  EXPECT_TRUE(store().apply(entered).ok());
  EXPECT_EQ(delivery(later, "library").state, DeliveryState::kReady);
  EXPECT_EQ(delivery(routed, "report").state, DeliveryState::kReady);
  waits(false);
  open();
  const std::string last = accept_one(event("e4", {unit}));
  EXPECT_EQ(due_message_ids(), (std::vector<std::string>{earlier, last}));
  route(last, {to_endpoint("report")});
  EXPECT_EQ(store().message(earlier).value().state, MessageState::kIncomplete);
}

TEST_P(Register, AnIssueWaitsForAnEarlierEventThatWaitsForItsTurn) {
  const OrderKey unit{"unit", "U1"};
  const std::string waiting = accept_one(event("e1", {unit}));
  const auto waits_with = [&](const std::string& code) {
    MessageChange waits;
    waits.id = waiting;
    waits.state = MessageState::kIncomplete;
    waits.error_code = code;
    Transition transition;
    transition.messages.push_back(waits);
    ASSERT_TRUE(store().apply(std::move(transition)).ok());
  };
  const std::string later = accept_one(event("e2", {unit}));
  Transition issued;
  MessageChange change;
  change.id = later;
  change.state = MessageState::kRouted;
  issued.messages.push_back(change);
  RoutedChild child;
  child.message = event("e2", {unit, kRegistered});
  child.message.id = later + "/0";
  child.deliveries = {to_endpoint("library")};
  child.deliveries[0].collects = {kRegistered, 2};
  issued.children.push_back(child);
  issued.certificates.push_back({sealed_of(2)});
  waits_with("journal.earlier_unrouted");
  EXPECT_EQ(store().apply(issued).error().code, "journal.earlier_unrouted")
      << "that one is about the version before";
  waits_with("registration.incomplete");
  EXPECT_TRUE(store().apply(issued).ok());
}

TEST_P(Register, ADeliveryThatWasDeliveredMakesItsVersionValid) {
  ASSERT_TRUE(put(sealed_of(2)).ok());
  const StoredDelivery old = collecting("e1", 1);
  const StoredDelivery fresh = collecting("e2", 2);
  ASSERT_TRUE(move(now(old), DeliveryState::kSending).ok());
  ASSERT_TRUE(move(now(old), DeliveryState::kDelivered).ok());
  EXPECT_EQ(base(), Status::Base::kIssued) << "an older version says nothing of the newer one";
  ASSERT_TRUE(move(now(fresh), DeliveryState::kSending).ok());
  ASSERT_TRUE(move(now(fresh), DeliveryState::kOpen).ok());
  EXPECT_EQ(base(), Status::Base::kIssued) << "received is not collected";
  ASSERT_TRUE(move(now(fresh), DeliveryState::kDelivered).ok());
  EXPECT_EQ(base(), Status::Base::kValid);
  EXPECT_TRUE(due_message_ids().empty());
}

TEST_P(Register, WhatIsToBeToldAfterTheCollectionIsHandedOverOnce) {
  RegisteredCertificate seized = sealed_of(1);
  seized.life.word = "suspended";
  seized.life.case_no = "C-9";
  seized.life.units = {"U1", "U2"};
  seized.tell_when_collected = true;
  ASSERT_TRUE(put(seized).ok());
  const StoredDelivery collected = collecting("e1", 1);
  ASSERT_TRUE(move(now(collected), DeliveryState::kSending).ok());
  ASSERT_TRUE(move(now(collected), DeliveryState::kDelivered).ok());
  ASSERT_EQ(due_message_ids().size(), 1u);
  const StoredMessage told = store().message(due_message_ids()[0]).value();
  EXPECT_EQ(told.source, kRegisterSource);
  EXPECT_EQ(told.message.type, "certificate.event");
  EXPECT_EQ(told.message.headers.at("life-event"), "tell");
  EXPECT_EQ(told.message.headers.at("case-no"), "C-9");
  // It waits for what was accepted earlier of its units as well.
  EXPECT_EQ(told.message.order_keys,
            (std::vector<OrderKey>{kRegistered, {"unit", "U1"}, {"unit", "U2"}}));
  EXPECT_TRUE(row().tell_when_collected) << "until it is on its way";
  ASSERT_TRUE(move(now(collected), DeliveryState::kDelivered).ok());
  EXPECT_EQ(due_message_ids().size(), 1u);
}

TEST_P(Register, WhatItsLibraryRejectsAfterItHadTakenItIsNotValidUntilItIsTakenAgain) {
  ASSERT_TRUE(put(sealed_of(1)).ok());
  const StoredDelivery collected = collecting("e1", 1);
  ASSERT_TRUE(move(now(collected), DeliveryState::kSending).ok());
  ASSERT_TRUE(move(now(collected), DeliveryState::kDelivered).ok());
  ASSERT_EQ(base(), Status::Base::kValid);
  ASSERT_TRUE(move(now(collected), DeliveryState::kRepair).ok());
  EXPECT_EQ(base(), Status::Base::kIssued);
  EXPECT_EQ(row().life.state.base.reason, "入库后退回");
  open();
  EXPECT_EQ(base(), Status::Base::kIssued);
  ASSERT_TRUE(move(now(collected), DeliveryState::kDelivered).ok());
  EXPECT_EQ(base(), Status::Base::kValid);
  EXPECT_EQ(row().life.state.base.reason, "");
  EXPECT_TRUE(due_message_ids().empty()) << "it is what the library takes it for";
}

TEST_P(Register, WhatWasBookedWhileItsLibraryDidNotHaveItIsToldOnceItDoes) {
  RegisteredCertificate seized = sealed_of(1);
  ASSERT_TRUE(put(seized).ok());
  const StoredDelivery collected = collecting("e1", 1);
  for (const DeliveryState state :
       {DeliveryState::kSending, DeliveryState::kDelivered, DeliveryState::kRepair}) {
    ASSERT_TRUE(move(now(collected), state).ok());
  }
  for (int time = 1; time <= 2; ++time) {
    seized = row();
    seized.life.word = "suspended";
    seized.tell_when_collected = false;  // it was told, and its library did not know it
    ASSERT_TRUE(put(seized).ok());
    ASSERT_TRUE(move(now(collected), DeliveryState::kDelivered).ok());
    MessageQuery told;
    told.source = kRegisterSource;
    EXPECT_EQ(store().messages(told).value().size(), static_cast<std::size_t>(time));
    EXPECT_TRUE(row().tell_when_collected);
    ASSERT_TRUE(move(now(collected), DeliveryState::kRepair).ok());
  }
}

TEST_P(Register, ARejectionSaysNothingOfANewerVersionNorOfOneThatHasEnded) {
  ASSERT_TRUE(put(sealed_of(1)).ok());
  const StoredDelivery collected = collecting("e1", 1);
  ASSERT_TRUE(move(now(collected), DeliveryState::kSending).ok());
  ASSERT_TRUE(move(now(collected), DeliveryState::kDelivered).ok());
  RegisteredCertificate changed = row();
  changed.life.state.base.base = Status::Base::kCancelled;
  ASSERT_TRUE(put(changed).ok());
  ASSERT_TRUE(move(now(collected), DeliveryState::kRepair).ok());
  EXPECT_EQ(base(), Status::Base::kCancelled);
  changed = row();
  changed.version = 2;
  changed.life.state.base.base = Status::Base::kValid;
  ASSERT_TRUE(put(changed).ok());
  ASSERT_TRUE(move(now(collected), DeliveryState::kDelivered).ok());
  ASSERT_TRUE(move(now(collected), DeliveryState::kRepair).ok());
  EXPECT_EQ(base(), Status::Base::kValid);
}

TEST_P(Register, AMessageEndsWhereItsStepsSaidOnceItsDeliveriesHaveEnded) {
  const std::string id = accept_one(event("e1", {kRegistered}));
  Transition routed;
  MessageChange change;
  change.id = id;
  change.state = MessageState::kRouted;
  routed.messages.push_back(change);
  RoutedChild child;
  child.message = event("e1", {kRegistered});
  child.message.id = id + "/0";
  child.deliveries = {to_endpoint("report")};
  child.ends = MessageState::kNotHeld;
  child.error_code = "life.not_held";
  routed.children.push_back(child);
  ASSERT_TRUE(store().apply(routed).ok());
  EXPECT_EQ(store().message(id + "/0").value().state, MessageState::kRouted);
  EXPECT_EQ(store().message(id).value().state, MessageState::kRouted);
  ASSERT_TRUE(move(delivery(id + "/0", "report"), DeliveryState::kSending).ok());
  ASSERT_TRUE(move(delivery(id + "/0", "report"), DeliveryState::kDelivered).ok());
  EXPECT_EQ(store().message(id + "/0").value().state, MessageState::kNotHeld);
  EXPECT_EQ(store().message(id + "/0").value().error_code, "life.not_held");
  EXPECT_EQ(store().message(id).value().state, MessageState::kDone);
}

INSTANTIATE_TEST_SUITE_P(Stores, Register, ::testing::ValuesIn(sqlite_stores()), name_of_store);

}  // namespace
}  // namespace certbridge::host::testing

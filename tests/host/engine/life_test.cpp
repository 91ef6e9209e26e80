// The step <life> in a running engine, with a journal on disk.
#include "engine_fixture.h"
#include "life_sample.h"

namespace certbridge::host {
namespace {

Step life(const std::string& collected_by = "") {
  Step step;
  step.kind = StepKind::kLife;
  step.name = "life";
  step.collected_by = collected_by;
  return step;
}

class LifeTest : public EngineTest {
 protected:
  LifeTest() {
    configuration_.life.given = true;
    configuration_.life.suspends = {RestrictionKind::kSeizure};
    add_sink("library");
    add_processor("read").on_process = [this](const Message&, const Call&) {
      return std::vector<Message>{message_about(version_)};
    };
    add_route("issue", "SHANZHENG", {process("read"), life("library"), deliver("library")});
    Step choose;
    choose.kind = StepKind::kChoose;
    choose.name = "choose";
    Branch told;
    told.when.text = "header.life-effect = 'changed'";
    told.steps = {deliver("library")};
    choose.branches = {told, Branch{}};
    add_route("status", "", {life(), choose}).from = {"outbox", kRegisterSource};
  }
  std::string issue(int version, const std::string& key) {
    version_ = version;
    const std::string id = accept(event(key)).id;
    EXPECT_TRUE(message_becomes(id, MessageState::kDone));
    return id;
  }
  std::string happens(const std::string& key, Message event) {
    event.source_key = key;
    return accept(std::move(event)).id;
  }
  RegisteredCertificate row() {
    return store_->certificate(message_about(1).order_keys[1])
        .value()
        .value_or(RegisteredCertificate{});
  }
  std::vector<std::string> words_told() {
    std::vector<std::string> words;
    for (const Message& message : endpoints_.sinks["library"].messages()) {
      words.push_back(message.type == "certificate.issue" ? "issue"
                                                          : message.headers.at("status-word"));
    }
    return words;
  }
  std::atomic<int> version_{1};
};

TEST_F(LifeTest, ACertificateIsValidOnceTheLibraryHasIt) {
  std::atomic<bool> lost{true};
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (lost) return Error::retryable("x.y", "lost");
    return Receipt{};
  };
  endpoints_.sinks["library"].on_confirm = [&](const Message&, const Call&) {
    Confirmation answer;
    answer.state = lost ? Confirmation::State::kInProgress : Confirmation::State::kPresent;
    return answer;
  };
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kUnknown));
  EXPECT_EQ(row().life.state.base.base, Status::Base::kIssued);
  lost = false;
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_EQ(row().life.state.base.base, Status::Base::kValid);
}

TEST_F(LifeTest, AChangeIsToldAndAnEventThatChangesNothingIsNot) {
  start();
  issue(1, "e1");
  for (const char* key : {"s1", "s2"}) {
    const std::string id = happens(key, life_event("restrict", "seizure", "S1"));
    ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  }
  EXPECT_EQ(words_told(), (std::vector<std::string>{"issue", "suspended"}));
  EXPECT_EQ(row().life.word, "suspended");
}

TEST_F(LifeTest, WhatIsBookedWhileACertificateIsBeingMadeIsEnteredBehindIt) {
  std::atomic<bool> missing{true};
  endpoints_.processors["read"].on_process = [&](const Message&,
                                                 const Call&) -> Result<std::vector<Message>> {
    if (missing) return Error::retryable("x.incomplete", "rows are missing");
    return std::vector<Message>{message_about(1)};
  };
  start();
  const OrderKey unit{"unit", "U1"};
  Message sealed = event("e1");
  sealed.order_keys = {unit};
  const std::string issued = accept(std::move(sealed)).id;
  ASSERT_TRUE(message_becomes(issued, MessageState::kIncomplete));
  std::vector<std::string> booked;
  for (Message one : {life_event("lose"), life_event("restrict", "seizure", "S1"),
                      life_event("release", "seizure", "S1")}) {
    one.order_keys = {unit};
    booked.push_back(happens("b" + std::to_string(booked.size()), std::move(one)));
    ASSERT_TRUE(message_becomes(booked.back(), MessageState::kIncomplete));
    EXPECT_EQ(message(booked.back()).error_code, "journal.earlier_unrouted");
  }
  missing = false;
  for (const std::string& id : booked) ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_EQ(words_told(), (std::vector<std::string>{"issue", "lost"}));
  EXPECT_TRUE(row().life.state.restrictions.empty()) << "released behind its seizure";
}

TEST_F(LifeTest, WhatIsBookedDoesNotWaitForAnIncompleteThatCanEnterNothing) {
  add_processor("check").on_process = [](const Message&,
                                         const Call&) -> Result<std::vector<Message>> {
    return Error::retryable("registration.case_not_collected", "1 certificate is not collected");
  };
  add_route("concluded", "BANJIE", {process("check")});
  std::rotate(configuration_.routes.rbegin(), configuration_.routes.rbegin() + 1,
              configuration_.routes.rend());
  start();
  issue(1, "e1");
  const OrderKey unit{"unit", "U1"};
  Message closed = event("e2", "BANJIE");
  closed.order_keys = {unit};
  const std::string concluded = accept(std::move(closed)).id;
  ASSERT_TRUE(message_becomes(concluded, MessageState::kIncomplete));
  Message lost = life_event("lose");
  lost.order_keys = {unit};
  ASSERT_TRUE(message_becomes(happens("s1", std::move(lost)), MessageState::kDone));
  EXPECT_EQ(words_told(), (std::vector<std::string>{"issue", "lost"}));
  EXPECT_EQ(message(concluded).state, MessageState::kIncomplete);
}

TEST_F(LifeTest, ANewVersionOfARestrictedOneIsToldOfBehindItsCollection) {
  start();
  issue(1, "e1");
  ASSERT_TRUE(
      message_becomes(happens("s1", life_event("restrict", "seizure", "S1")), MessageState::kDone));
  issue(2, "e2");
  ASSERT_TRUE(eventually([&] { return words_told().size() == 4; }));
  EXPECT_EQ(words_told(), (std::vector<std::string>{"issue", "suspended", "issue", "suspended"}));
  EXPECT_EQ(endpoints_.sinks["library"].messages().back().headers.at("identifier"),
            certificate_of_version(2).identifier.text());
  EXPECT_FALSE(row().tell_when_collected);
}

TEST_F(LifeTest, WhatIsNotHeldEndsSoAndIsNotParked) {
  start();
  const std::string id = happens("c1", life_event("cancel"));
  ASSERT_TRUE(message_becomes(id + "/0", MessageState::kNotHeld));
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_EQ(message(id + "/0").error_code, "life.not_held");
  EXPECT_EQ(store_->figures().value().messages_by_state[static_cast<int>(MessageState::kNotHeld)],
            1u);
  MessageQuery listed;
  listed.state = MessageState::kNotHeld;
  EXPECT_EQ(store_->messages(listed).value().size(), 1u);
  EXPECT_TRUE(words_told().empty());
  issue(1, "e1");
  EXPECT_EQ(row().life.state.base.base, Status::Base::kCancelled);
}

TEST_F(LifeTest, ALibraryThatNeverHadItEndsTheDeliveryAndTheMessage) {
  std::atomic<bool> forgot{false};
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (forgot) return Error::permanent(kCodeNotHeld, "never had it");
    return Receipt{};
  };
  start();
  issue(1, "e1");
  forgot = true;
  const std::string id = happens("c1", life_event("cancel"));
  ASSERT_TRUE(message_becomes(id + "/0", MessageState::kNotHeld));
  EXPECT_EQ(delivery(id + "/0", "library")->state, DeliveryState::kNotHeld);
}

TEST_F(LifeTest, ALibraryThatNeverHadItMaySaySoWhenItIsAskedAfterALostAnswer) {
  std::atomic<bool> loses{false};
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (loses) return Error::retryable("x.y", "lost");
    return Receipt{};
  };
  endpoints_.sinks["library"].on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    return Error::permanent(kCodeNotHeld, "never had it");
  };
  start();
  issue(1, "e1");
  loses = true;
  const std::string id = happens("c1", life_event("cancel"));
  EXPECT_TRUE(message_becomes(id + "/0", MessageState::kNotHeld));
}

// What stands behind a parked issue, with the library's own words about it.
class ParkedIssueTest : public LifeTest {
 protected:
  ParkedIssueTest() { endpoint("library").refusals = {"x.refused"}; }
  ScriptedSink& library() { return endpoints_.sinks["library"]; }
  // The issue as it stands once the library has answered its one attempt so.
  std::string parked_issue(const Error& answer) {
    library().on_send = [this, answer](const Message& message, const Call&) -> Result<Receipt> {
      if (message.type == "certificate.issue" && fails_) return answer;
      return Receipt{};
    };
    library().on_confirm = [this](const Message&, const Call&) {
      Confirmation confirmation;
      confirmation.state = found_.load();
      return confirmation;
    };
    start();
    const std::string id = accept(event("e1")).id;
    EXPECT_TRUE(delivery_becomes(id + "/0", "library", DeliveryState::kParked));
    return id + "/0";
  }
  std::string cancelled() { return happens("c1", life_event("cancel")) + "/0"; }
  std::size_t sends() { return library().sent().size(); }

  std::atomic<bool> fails_{true};
  std::atomic<Confirmation::State> found_{Confirmation::State::kCannotTell};
};

TEST_F(ParkedIssueTest, RefusedAndThenCancelledIsFinalWithoutACall) {
  const std::string issue = parked_issue(Error::permanent("x.refused", "not of ours"));
  EXPECT_EQ(delivery(issue, "library")->reach, Reach::kRefused);
  const std::string end = cancelled();
  ASSERT_TRUE(delivery_becomes(end, "library", DeliveryState::kNotHeld));
  ASSERT_TRUE(message_becomes(end, MessageState::kNotHeld));
  EXPECT_EQ(delivery(issue, "library")->state, DeliveryState::kDiscarded);
  EXPECT_EQ(sends(), 1u);
  EXPECT_EQ(library().confirmed(), 0);
}

TEST_F(ParkedIssueTest, AnErrorThatMayHaveLeftSomethingIsAskedAbout) {
  found_ = Confirmation::State::kPresent;
  const std::string issue = parked_issue(Error::permanent("x.odd", "a word that nobody knows"));
  EXPECT_EQ(delivery(issue, "library")->reach, Reach::kUnknown);
  const std::string end = cancelled();
  ASSERT_TRUE(delivery_becomes(end, "library", DeliveryState::kDelivered));
  EXPECT_EQ(delivery(issue, "library")->state, DeliveryState::kDelivered);
  EXPECT_EQ(words_told(), (std::vector<std::string>{"issue", "cancelled"}));
  EXPECT_EQ(library().confirmed(), 1);
}

TEST_F(ParkedIssueTest, WhatIsAbsentIsNotSentAnyMore) {
  endpoint("library").settle_time = std::chrono::milliseconds(100);
  found_ = Confirmation::State::kCannotTell;
  const std::string issue = parked_issue(Error::retryable("x.lost", "no answer"));
  fails_ = false;  // it would be taken by now
  found_ = Confirmation::State::kAbsent;
  const std::string end = cancelled();
  ASSERT_TRUE(delivery_becomes(end, "library", DeliveryState::kDiscarded));
  EXPECT_EQ(delivery(issue, "library")->state, DeliveryState::kDiscarded);
  EXPECT_EQ(sends(), 1u);
  EXPECT_GE(library().confirmed(), 2);  // before it was parked, and because it is to end
}

TEST_F(ParkedIssueTest, WhereTheLibraryCannotTellBothWaitAlsoWhereItWouldBeSentAgain) {
  endpoint("library").unknown = UnknownPolicy::kResend;
  const std::string issue = parked_issue(Error::permanent("x.odd", "a word that nobody knows"));
  const std::string end = cancelled();
  ASSERT_TRUE(eventually([&] { return library().confirmed() == 1; }));
  ASSERT_TRUE(delivery_becomes(issue, "library", DeliveryState::kParked));
  EXPECT_EQ(delivery(end, "library")->state, DeliveryState::kWaiting);
  EXPECT_EQ(sends(), 1u);
}

TEST_F(ParkedIssueTest, ANewVersionSupersedesTheRefusedOne) {
  const std::string issue = parked_issue(Error::permanent("x.refused", "not of ours"));
  fails_ = false;
  version_ = 2;
  const std::string newer = accept(event("e2")).id + "/0";
  ASSERT_TRUE(delivery_becomes(newer, "library", DeliveryState::kDelivered));
  EXPECT_EQ(delivery(issue, "library")->state, DeliveryState::kSuperseded);
}

}  // namespace
}  // namespace certbridge::host

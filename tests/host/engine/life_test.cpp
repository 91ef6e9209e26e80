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
  start();
  issue(1, "e1");
  endpoints_.sinks["library"].on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::permanent(kCodeNotHeld, "never had it");
  };
  const std::string id = happens("c1", life_event("cancel"));
  ASSERT_TRUE(message_becomes(id + "/0", MessageState::kNotHeld));
  EXPECT_EQ(delivery(id + "/0", "library")->state, DeliveryState::kNotHeld);
}

TEST_F(LifeTest, ALibraryThatNeverHadItMaySaySoWhenItIsAskedAfterALostAnswer) {
  start();
  issue(1, "e1");
  endpoints_.sinks["library"].on_send = [](const Message&, const Call&) -> Result<Receipt> {
    return Error::retryable("x.y", "lost");
  };
  endpoints_.sinks["library"].on_confirm = [](const Message&, const Call&) -> Result<Confirmation> {
    return Error::permanent(kCodeNotHeld, "never had it");
  };
  const std::string id = happens("c1", life_event("cancel"));
  EXPECT_TRUE(message_becomes(id + "/0", MessageState::kNotHeld));
}

}  // namespace
}  // namespace certbridge::host

// A type that waits at one endpoint holds up no other type and no other endpoint, is one alarm, and
// goes on by itself.
#include <algorithm>

#include "type_catalogue_fixture.h"

namespace certbridge::host {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class TypeLanesTest : public TypeCatalogueTest {
 protected:
  TypeLanesTest() {
    add_sink("library");
    add_sink("province");
    add_processor("read");
    add_route("issue", "SHANZHENG",
              {process("read"), bind_version(), deliver("library"), deliver("province")});
    endpoints_.sinks["library"].on_send = [this](const Message& message,
                                                 const Call&) -> Result<Receipt> {
      if (message.headers.at("type-code") != kTitleCode || knows_titles_) return Receipt{};
      return Error::permanent(kCodeTypeNotRegistered, "13: the type is not published");
    };
  }
  // By probe_soon(). Before the start.
  void probe_only_when_asked_to() {
    configuration_.catalogue.first_probe = std::chrono::hours(1);
    configuration_.catalogue.longest_probe = std::chrono::hours(1);
  }
  // The certificate that is made of an event.
  std::string issue(Message message) { return accept(std::move(message)).id + "/0"; }
  bool waits(const std::string& id) {
    return eventually([&] {
      const auto found = delivery(id, "library");
      return found && found->error_code == "catalogue.type_held" &&
             found->state == DeliveryState::kRetryAt;
    });
  }
  std::vector<std::string> accept_titles(int from, int to) {
    std::vector<std::string> ids;
    for (int i = from; i < to; ++i) {
      ids.push_back(issue(of_type("t" + std::to_string(i), kTitleCode)));
    }
    return ids;
  }
  std::size_t titles_sent() {
    std::size_t count = 0;
    for (const Message& one : endpoints_.sinks["library"].messages()) {
      if (one.headers.at("type-code") == kTitleCode) ++count;
    }
    return count;
  }

  std::atomic<bool> knows_titles_{false};
};

TEST_F(TypeLanesTest, OnlyTheTypeThatIsNotRegisteredWaitsAndOnlyThere) {
  probe_only_when_asked_to();
  start_watched();
  const auto titles = accept_titles(0, 20);
  const std::string proof = issue(of_type("p", kProofCode));
  EXPECT_TRUE(message_becomes(proof, MessageState::kDone));
  for (const std::string& id : titles) {
    EXPECT_TRUE(waits(id));
    EXPECT_TRUE(delivery_becomes(id, "province", DeliveryState::kDelivered));
    EXPECT_EQ(delivery(id, "library")->attempts, 0) << "what waits uses up nothing";
  }
  EXPECT_LE(titles_sent(), static_cast<std::size_t>(endpoint("library").workers))
      << "only what was under way when the counterpart said so";
  ASSERT_THAT(lanes(), SizeIs(1));
  EXPECT_EQ(lanes()[0].name, (TypeLaneName{"library", kTitleCode, 0}));
  EXPECT_EQ(lanes()[0].waiting, titles.size());
  EXPECT_EQ(alarms("library"), 1);
  // Whoever comes later is not tried either.
  const std::size_t sent = titles_sent();
  EXPECT_TRUE(waits(accept_titles(20, 21)[0]));
  EXPECT_EQ(titles_sent(), sent);
}

TEST_F(TypeLanesTest, ItGoesOnByItselfOnceTheCounterpartTakesAProbe) {
  start_watched();
  const auto titles = accept_titles(0, 12);
  EXPECT_TRUE(eventually([&] { return !lanes().empty() && lanes()[0].probes >= 2; }));
  EXPECT_EQ(alarms("library"), 1);
  knows_titles_ = true;
  for (const std::string& id : titles) EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_TRUE(eventually([&] { return lanes().empty(); }));
  EXPECT_EQ(alarms("library"), 1);
  for (const std::string& id : titles) EXPECT_EQ(delivery(id, "library")->attempts, 1);
  EXPECT_TRUE(message_becomes(accept_titles(12, 13)[0], MessageState::kDone));
}

TEST_F(TypeLanesTest, ARestartKeepsItHeldWithoutAnotherAlarm) {
  probe_only_when_asked_to();
  start_watched();
  const auto titles = accept_titles(0, 6);
  for (const std::string& id : titles) ASSERT_TRUE(waits(id));
  const std::size_t sent = titles_sent();
  restart();
  start_watched();
  const std::string later = accept_titles(6, 7)[0];
  EXPECT_TRUE(waits(later));
  EXPECT_EQ(titles_sent(), sent);
  EXPECT_EQ(alarms("library"), 1);
  knows_titles_ = true;
  lanes_->probe_soon("library", kTitleCode);
  for (const std::string& id : titles) EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_TRUE(message_becomes(later, MessageState::kDone));
}

// The disk may be full just then: the lane is held all the same, and stored once that goes.
TEST_F(TypeLanesTest, ALaneThatCannotBeStoredYetIsHeldWithoutHaste) {
  probe_only_when_asked_to();
  store_->faulty_lanes.holds_nothing = true;
  start_watched();
  const std::string title = accept_titles(0, 1)[0];
  ASSERT_TRUE(waits(title));
  const auto held = delivery(title, "library");
  EXPECT_GE(held->next_at - held->changed, std::chrono::seconds(1)) << "and not again at once";
  EXPECT_THAT(lanes(), IsEmpty());
  EXPECT_EQ(alarms("library"), 1);
  store_->faulty_lanes.holds_nothing = false;
  ASSERT_TRUE(eventually([&] { return lanes().size() == 1U; }));
  EXPECT_TRUE(eventually([&] { return lanes()[0].waiting == 1U; }));
  EXPECT_EQ(titles_sent(), 1U);
  EXPECT_EQ(alarms("library"), 1);
  knows_titles_ = true;
  lanes_->probe_soon("library", kTitleCode);
  EXPECT_TRUE(message_becomes(title, MessageState::kDone));
}

TEST_F(TypeLanesTest, WhatTheJournalCouldNotTellAtTheStartIsAskedAgain) {
  probe_only_when_asked_to();
  start_watched();
  const std::string title = accept_titles(0, 1)[0];
  ASSERT_TRUE(waits(title));
  restart();
  store_->faulty_lanes.knows_nothing = true;
  start_watched();
  store_->faulty_lanes.knows_nothing = false;
  knows_titles_ = true;
  ASSERT_TRUE(eventually([&] { return lanes_->would_hold("library", message(title).message); }));
  lanes_->probe_soon("library", kTitleCode);
  EXPECT_TRUE(message_becomes(title, MessageState::kDone));
}

// What is told of a certificate that is there already: bound to no version of its type.
class StatusBesideALane : public TypeLanesTest {
 protected:
  StatusBesideALane() {
    probe_only_when_asked_to();
    add_route("status", "DENGBU", {process("read"), deliver("library")});
    endpoints_.sinks["library"].on_send = [this](const Message& message,
                                                 const Call&) -> Result<Receipt> {
      const bool known = is_status(message) ? knows_status_ : knows_titles_;
      if (known) return Receipt{};
      return Error::permanent(kCodeTypeNotRegistered, "13: the type is not published");
    };
  }
  static bool is_status(const Message& message) {
    return !message.headers.contains("type-version");
  }
  std::string tell(const std::string& key, const std::string& of) {
    Message message = event(key, "DENGBU", "case-" + of);
    message.headers["type-code"] = kTitleCode;
    return issue(std::move(message));
  }

  std::atomic<bool> knows_status_{true};
};

TEST_F(StatusBesideALane, GoesOnAndWaitsForItsOwnCertificateOnly) {
  start_watched();
  const std::string title = issue(of_type("t", kTitleCode));
  ASSERT_TRUE(waits(title));
  EXPECT_TRUE(message_becomes(tell("revoked", "issued-long-ago"), MessageState::kDone));
  const std::string behind = tell("seized", "t");
  ASSERT_TRUE(delivery_becomes(behind, "library", DeliveryState::kWaiting));
  EXPECT_THAT(lanes(), SizeIs(1)) << "a status that is taken says nothing of the type";
  EXPECT_EQ(lanes()[0].waiting, 1U);
  knows_titles_ = true;
  lanes_->probe_soon("library", kTitleCode);
  EXPECT_TRUE(message_becomes(title, MessageState::kDone));
  EXPECT_TRUE(message_becomes(behind, MessageState::kDone));
}

TEST_F(StatusBesideALane, OneThatIsRefusedForTheTypeWaitsAndDoesNotProbe) {
  knows_status_ = false;
  start_watched();
  const std::string status = tell("seized", "issued-long-ago");
  ASSERT_TRUE(waits(status));
  const std::string title = issue(of_type("t", kTitleCode));
  ASSERT_TRUE(waits(title));
  ASSERT_EQ(lanes().size(), 1U);
  EXPECT_EQ(lanes()[0].waiting, 2U);
  EXPECT_EQ(titles_sent(), 1U) << "the certificate was not tried: the type is known to be missing";
  knows_status_ = true;
  lanes_->probe_soon("library", kTitleCode);
  EXPECT_TRUE(eventually([&] { return lanes()[0].probes >= 1 && lanes()[0].waiting == 2U; }));
  EXPECT_NE(delivery(status, "library")->state, DeliveryState::kDelivered);
  knows_titles_ = true;
  lanes_->probe_soon("library", kTitleCode);
  EXPECT_TRUE(message_becomes(title, MessageState::kDone));
  EXPECT_TRUE(message_becomes(status, MessageState::kDone));
}

// It takes whatever comes and says later what is wrong with it.
class LaterVerdicts : public TypeLanesTest {
 protected:
  LaterVerdicts() {
    endpoints_.sinks["library"].on_send = [this](const Message& message, const Call&) {
      Receipt receipt;
      receipt.state = Receipt::State::kOpen;
      receipt.correlation = correlation_of(message);
      receipt.expected_by = clock_.now() + std::chrono::hours(1);
      return Result<Receipt>(receipt);
    };
  }
  // The same for each try: some counterparts name a receipt after the certificate.
  static std::string correlation_of(const Message& message) { return "R-" + message.source_key; }
  static Outcome refusal(const std::string& code) {
    Outcome outcome;
    outcome.verdict = Outcome::Verdict::kRejected;
    outcome.code = code;
    outcome.message = "2009: the type is not published";
    return outcome;
  }
  // All of them before the first verdict: the lane holds nobody yet.
  std::vector<std::string> received_titles(int number) {
    auto ids = accept_titles(0, number);
    for (const std::string& id : ids) {
      EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kOpen));
    }
    return ids;
  }
  void post(const std::string& id, const Outcome& outcome) {
    ASSERT_TRUE(eventually([&] {
      const auto found = delivery(id, "library");
      return found && found->state == DeliveryState::kOpen;
    })) << id;
    EXPECT_TRUE(store_->settle({"library", correlation_of(message(id).message)}, outcome).ok());
  }
  std::string open_one(const std::vector<std::string>& ids) {
    const auto found = std::find_if(ids.begin(), ids.end(), [&](const auto& id) {
      return delivery(id, "library")->state == DeliveryState::kOpen;
    });
    return found == ids.end() ? std::string() : *found;
  }
  std::size_t open_ones(const std::vector<std::string>& ids) {
    return static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), [&](const auto& id) {
      return delivery(id, "library")->state == DeliveryState::kOpen;
    }));
  }
};

TEST_F(LaterVerdicts, FetchedOnesLetTheTypeWaitAndGoOnByItself) {
  endpoint("library").delivery.verdicts.ask = std::chrono::milliseconds(5);
  std::atomic<bool> decides{false};
  endpoints_.sinks["library"].on_confirm = [&](const Message&,
                                               const Call&) -> Result<Confirmation> {
    if (!decides) return Confirmation{Confirmation::State::kInProgress, {}, {}};
    if (!knows_titles_) return Error::permanent(kCodeTypeNotRegistered, "not registered");
    return Confirmation{Confirmation::State::kPresent, Receipt{}, {}};
  };
  start_watched();
  const auto titles = received_titles(12);
  decides = true;
  for (const std::string& id : titles) EXPECT_TRUE(waits(id) || open_ones({id}) == 1);
  EXPECT_TRUE(eventually([&] { return !lanes().empty() && lanes()[0].probes >= 2; }));
  EXPECT_LE(open_ones(titles), 1U) << "one of them probes";
  EXPECT_EQ(alarms("library"), 1);
  knows_titles_ = true;
  for (const std::string& id : titles) EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_TRUE(eventually([&] { return lanes().empty(); }));
  EXPECT_EQ(alarms("library"), 1);
  for (const std::string& id : titles) EXPECT_EQ(delivery(id, "library")->attempts, 1);
}

TEST_F(LaterVerdicts, PostedOnesDoTheSameAndAProbeWaitsForItsVerdict) {
  start_watched();
  const auto titles = received_titles(3);
  for (const std::string& id : titles) post(id, refusal(kCodeTypeNotRegistered));
  // The earliest probes: what is taken into a table says nothing of the type yet.
  const auto probe_is_open = [&] {
    return eventually(
        [&] { return !lanes().empty() && lanes()[0].waiting == 2U && open_ones(titles) == 1U; });
  };
  ASSERT_TRUE(probe_is_open());
  const std::size_t sent = titles_sent();
  EXPECT_EQ(alarms("library"), 1);
  const std::string probe = open_one(titles);
  post(probe, refusal(kCodeTypeNotRegistered));
  ASSERT_TRUE(eventually([&] { return titles_sent() == sent + 1; }));
  ASSERT_TRUE(probe_is_open());
  // Another word about the probe is one that knows the type.
  const std::string next = open_one(titles);
  post(next, refusal("2007"));
  EXPECT_TRUE(delivery_becomes(next, "library", DeliveryState::kParked));
  for (const std::string& id : titles) {
    if (id == next) continue;
    post(id, Outcome{});
    EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  }
  EXPECT_TRUE(eventually([&] { return lanes().empty(); }));
  EXPECT_EQ(alarms("library"), 1);
}

TEST_F(LaterVerdicts, ARestartKnowsTheProbeThatIsOpen) {
  start_watched();
  const auto titles = received_titles(2);
  for (const std::string& id : titles) post(id, refusal(kCodeTypeNotRegistered));
  ASSERT_TRUE(eventually(
      [&] { return !lanes().empty() && lanes()[0].waiting == 1U && open_ones(titles) == 1U; }));
  const std::string probe = open_one(titles);
  restart();
  start_watched();
  post(probe, Outcome{});
  for (const std::string& id : titles) {
    if (id != probe) post(id, Outcome{});
    EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  }
  EXPECT_TRUE(eventually([&] { return lanes().empty(); }));
}

TEST_F(TypeLanesTest, AProbeThatFailsOtherwiseIsTriedAgainAndTheOthersWait) {
  std::atomic<int> failures{3};
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (!knows_titles_) return Error::permanent(kCodeTypeNotRegistered, "not yet");
    if (failures-- > 0) return Error::retryable("library.busy", "come later");
    return Receipt{};
  };
  start_watched();
  const auto titles = accept_titles(0, 5);
  ASSERT_TRUE(eventually([&] { return !lanes().empty(); }));
  knows_titles_ = true;
  for (const std::string& id : titles) EXPECT_TRUE(message_becomes(id, MessageState::kDone));
  EXPECT_LE(failures, 0);
}

TEST_F(TypeLanesTest, AnotherRefusalOfAProbeSaysThatTheTypeIsKnown) {
  endpoints_.sinks["library"].on_send = [&](const Message&, const Call&) -> Result<Receipt> {
    if (!knows_titles_) return Error::permanent(kCodeTypeNotRegistered, "not yet");
    return Error::permanent("library.refused", "the name is wrong");
  };
  start_watched();
  const auto titles = accept_titles(0, 4);
  ASSERT_TRUE(eventually([&] { return !lanes().empty(); }));
  knows_titles_ = true;
  for (const std::string& id : titles) {
    EXPECT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked));
  }
  EXPECT_TRUE(eventually([&] { return lanes().empty(); }));
}

TEST_F(TypeLanesTest, AVersionThatWaitsForApprovalHoldsItsOwnCertificatesOnly) {
  knows_titles_ = true;
  write_type(kTitleCode, version(1, "approved", "2015-03-01T00:00:00") +
                             version(2, "submitted", "2026-12-01T00:00:00"));
  start_watched();
  const std::string old = issue(of_type("old", kTitleCode, "2026-11-30T23:59:59"));
  const std::string fresh = issue(of_type("new", kTitleCode, "2026-12-01T00:00:00"));
  EXPECT_TRUE(message_becomes(old, MessageState::kDone));
  EXPECT_TRUE(waits(fresh));
  EXPECT_TRUE(delivery_becomes(fresh, "province", DeliveryState::kDelivered))
      << "types have to be registered at the library only";
  EXPECT_EQ(alarms("library"), 1);
  ASSERT_THAT(lanes(), SizeIs(1));
  EXPECT_EQ(lanes()[0].name, (TypeLaneName{"library", kTitleCode, 2}));
  EXPECT_EQ(titles_sent(), 1U);
  write_type(kTitleCode, version(1, "approved", "2015-03-01T00:00:00") +
                             version(2, "approved", "2026-12-01T00:00:00"));
  EXPECT_TRUE(message_becomes(fresh, MessageState::kDone));
  EXPECT_TRUE(eventually([&] { return lanes().empty(); }));
}

TEST_F(TypeLanesTest, WhatIsUnderWayFinishesWithItsOwnVersion) {
  start_watched();
  const std::string under_way = issue(of_type("t", kTitleCode, "2026-12-24T00:00:00"));
  ASSERT_TRUE(waits(under_way));
  write_type(kTitleCode, version(1, "approved", "2015-03-01T00:00:00") +
                             version(2, "submitted", "2026-12-01T00:00:00"));
  ASSERT_TRUE(eventually([&] { return types_->types()->by_code(kTitleCode)->version(2); }));
  knows_titles_ = true;
  EXPECT_TRUE(message_becomes(under_way, MessageState::kDone));
  const Message sent = endpoints_.sinks["library"].messages().back();
  EXPECT_EQ(sent.headers.at("type-version"), "1");
  EXPECT_EQ(sent.headers.at("type-name"), "证照");
  EXPECT_EQ(sent.headers.at("template"), "title");
}

TEST_F(TypeLanesTest, OnlyATypeThatIsNotKnownIsRefused) {
  start_watched();
  const std::string id = accept(of_type("t", "11100000MB03271699099")).id;
  EXPECT_TRUE(message_becomes(id, MessageState::kParked));
  EXPECT_EQ(message(id).error_code, "catalogue.unknown_type");
  EXPECT_THAT(message(id).error_message, testing::HasSubstr("11100000MB03271699099"));
  EXPECT_THAT(lanes(), IsEmpty());
}

// The change of a type is no certificate of it: it is what the counterpart waits for.
TEST_F(TypeLanesTest, AChangeOfTheTypeIsDeliveredAndProbesItsLane) {
  probe_only_when_asked_to();
  RouteConfig& route = add_route("catalogue", "", {deliver("library")});
  route.from = {kCatalogueSource};
  endpoints_.sinks["library"].on_send = [&](const Message& message,
                                            const Call&) -> Result<Receipt> {
    if (message.type == kCertificateTypeMessage) {
      if (message.headers.at("catalogue-version") == "2") knows_titles_ = true;
      return Receipt{};
    }
    if (knows_titles_) return Receipt{};
    return Error::permanent(kCodeTypeNotRegistered, "13: the type is not published");
  };
  start_watched();
  const std::string title = issue(of_type("t", kTitleCode));
  ASSERT_TRUE(waits(title));
  write_type(kTitleCode, version(1, "approved", "2015-03-01T00:00:00") +
                             version(2, "submitted", "2027-01-01T00:00:00"));
  EXPECT_TRUE(message_becomes(title, MessageState::kDone));
}

}  // namespace
}  // namespace certbridge::host

// Objections from a real log: what is in memory follows from it, also after a restart.
#include "objections/objections.h"

#include <gtest/gtest.h>

#include <random>

#include "access/policy/decision.h"
#include "access_fixture.h"
#include "certbridge/testing/fakes.h"
#include "objections/objection_records.h"
#include "objections/objection_watch.h"

namespace certbridge::host {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::days kDays{15};

// The log of one process, found in by an index that is filled before each search.
class FilledLog final : public AccessRecorder, public EarlierRecords {
 public:
  explicit FilledLog(const AccessLogSettings& settings)
      : settings_(settings), log_(AccessLog::open(settings).value()) {}
  ~FilledLog() override { log_->close(); }

  Result<AccessPlace> append(const AccessRecord& record) override {
    if (!trouble.empty()) return Error::retryable(trouble, "not now");
    return log_->append(record);
  }
  Result<ReadAccess> record(std::uint64_t number) override {
    return AccessReader::open(settings_.folder, settings_.node, settings_.master_key)
        .value()
        ->record(number);
  }
  Result<AccessAnswer> find(const AccessQuestion& question) override {
    if (starting) return Error::retryable("access.index", "not filled yet");
    auto index =
        AccessIndex::open(settings_.folder, settings_.node, settings_.master_key, *settings_.clock);
    if (!index) return index.error();
    if (const auto filled = index.value()->fill({}); !filled) return filled.error();
    return index.value()->find(question);
  }
  std::string trouble{};
  bool starting = false;

 private:
  AccessLogSettings settings_;
  std::unique_ptr<AccessLog> log_;
};

AccessRecord raising(AccessKind kind, int certificate, Timestamp now) {
  AccessRequest request;
  request.kind = kind;
  request.caller = {"hall", "U1", AssertedPerson{"citizens", "c-1", "face", {}, {}, {}}};
  request.caller.person->himself = QueriedHolder{"张三", "111", "110101199003071233"};
  request.when = now;
  const Timestamp due = due_after(now, kDays);
  request.statements = {{"due", std::to_string(due.time_since_epoch().count())},
                        {"field", "KZ_ZL"},
                        {"text", "门牌号写错了"}};
  AccessRecord record;
  record.kind = kind;
  record.system = "hall";
  record.person = "c-1";
  record.unit = "U1";
  record.certificate_type = "T1";
  record.issuer = certificate % 2 == 0 ? "I0" : "I1";
  record.certificate_number = "N" + std::to_string(certificate);
  record.certificate = "ID" + std::to_string(certificate);
  record.holder = "110101199003071233";
  record.decision = AccessDecision::kAllowed;
  record.code = "allowed";
  record.inputs = write_inputs(request, {});
  record.asked = record.decided = now;
  return record;
}

AccessRecord by(const std::string& person, Timestamp now) {
  AccessRecord record;
  record.person = person;
  record.role = "reviewer";
  record.decision = AccessDecision::kAllowed;
  record.asked = record.decided = now;
  return record;
}

class ObjectionsTest : public access_test::AccessFolder {
 protected:
  void start() {
    objections_.reset();
    log_.reset();
    log_ = std::make_unique<FilledLog>(settings_);
    objections_ = std::make_unique<Objections>(*log_, *log_, clock_);
    ASSERT_TRUE(objections_->build().ok());
  }
  std::uint64_t raise(int certificate, AccessKind kind = AccessKind::kObjection) {
    const auto number = objections_->raise(raising(kind, certificate, clock_.now()));
    EXPECT_TRUE(number.ok()) << number.error().code;
    return number ? number.value() : 0;
  }
  // The state that it has then, or the code of the refusal.
  std::string step(std::uint64_t number, ObjectionStep what, const std::string& person = "liu") {
    const auto then = objections_->take_step(number, what, by(person, clock_.now()));
    return then ? to_text(then.value().state) : then.error().code;
  }
  std::string mark(int certificate) {
    const auto mark = objections_->mark_of("ID" + std::to_string(certificate), "T1",
                                           "N" + std::to_string(certificate));
    return mark ? std::to_string(mark->number) + " " + mark->state : "none";
  }
  std::vector<std::uint64_t> listed(const ObjectionFilter& filter) {
    std::vector<std::uint64_t> numbers;
    const auto all = objections_->list(filter);
    if (!all) return numbers;
    for (const Objection& one : all.value()) numbers.push_back(one.number);
    return numbers;
  }

  std::unique_ptr<FilledLog> log_{};
  std::unique_ptr<Objections> objections_{};
};

TEST_F(ObjectionsTest, FromTheRaisingToTheOutcome) {
  start();
  const auto number = raise(1);
  EXPECT_EQ(mark(1), std::to_string(number) + " raised");
  EXPECT_EQ(mark(2), "none");
  const Objection raised = objections_->find(number).value();
  EXPECT_EQ(raised.fields, std::vector<std::string>{"KZ_ZL"});
  EXPECT_EQ(raised.issuer, "I1");
  EXPECT_EQ(raised.raiser.holder, "110101199003071233");
  EXPECT_EQ(step(number, ObjectionStep::kConfirm), "objection.not_taken");
  EXPECT_EQ(step(number, ObjectionStep::kTake), "taken");
  EXPECT_EQ(mark(1), std::to_string(number) + " taken");
  EXPECT_EQ(step(number, ObjectionStep::kConfirm, "sun"), "objection.of_another");
  EXPECT_EQ(step(number, ObjectionStep::kTake, "sun"), "taken");
  EXPECT_EQ(step(number, ObjectionStep::kConfirm), "objection.of_another");
  EXPECT_EQ(step(number, ObjectionStep::kUphold, "sun"), "objection.other_kind");
  EXPECT_EQ(step(number, ObjectionStep::kCorrect, "sun"), "corrected");
  EXPECT_EQ(mark(1), "none");
  EXPECT_EQ(step(number, ObjectionStep::kWithdraw), "objection.ended");
  EXPECT_EQ(step(99, ObjectionStep::kTake), "objection.unknown");
  const auto written = objections_->records_of(objections_->find(number).value());
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(statement_in(statements_of(written.value().raised), "text"), "门牌号写错了");
  ASSERT_EQ(written.value().steps.size(), 3u);
  EXPECT_EQ(written.value().steps[2].result, "corrected");
  EXPECT_EQ(written.value().steps[2].certificate, "ID1");
  EXPECT_EQ(verify().findings.size(), 0u);
}

TEST_F(ObjectionsTest, FoundByNumberOfItsTypeToo) {
  start();
  const auto number = raise(1);
  EXPECT_EQ(objections_->mark_of("", "T1", "N1")->number, number);
  EXPECT_EQ(objections_->mark_of("ID1", "", "")->number, number);
  EXPECT_FALSE(objections_->mark_of("", "T2", "N1").has_value()) << "another type's number";
  raise(2, AccessKind::kComplaint);
  EXPECT_EQ(mark(2), "none") << "a complaint says nothing of the certificate";
}

TEST_F(ObjectionsTest, NothingIsKnownUntilEarlierRecordsAreRead) {
  start();
  raise(1);
  objections_ = std::make_unique<Objections>(*log_, *log_, clock_);
  log_->starting = true;
  EXPECT_FALSE(objections_->build().ok());
  EXPECT_EQ(mark(1), "0 unknown");
  EXPECT_EQ(objections_->raise(raising(AccessKind::kObjection, 1, clock_.now())).error().code,
            "objection.starting");
  EXPECT_FALSE(objections_->figures(ObjectionKind::kObjection).has_value());
  log_->starting = false;
  EXPECT_TRUE(objections_->build().ok());
  EXPECT_NE(mark(1), "none");
}

TEST_F(ObjectionsTest, WhatCannotBeRecordedDidNotHappen) {
  start();
  const auto number = raise(1);
  log_->trouble = "access.full";
  EXPECT_EQ(step(number, ObjectionStep::kTake), "access.full");
  EXPECT_EQ(objections_->raise(raising(AccessKind::kObjection, 2, clock_.now())).error().code,
            "access.full");
  EXPECT_EQ(mark(1), std::to_string(number) + " raised");
  EXPECT_EQ(mark(2), "none");
  EXPECT_FALSE(objections_->note_shown(number, by("liu", clock_.now())).ok());
}

TEST_F(ObjectionsTest, SoManyAgainstOneCertificateAndNoMore) {
  start();
  for (int i = 0; i < 20; ++i) ASSERT_GT(raise(1), 0u);
  EXPECT_EQ(objections_->raise(raising(AccessKind::kObjection, 1, clock_.now())).error().code,
            "objection.enough");
  EXPECT_GT(raise(2), 0u);
}

TEST_F(ObjectionsTest, OverdueOnesComeFirst) {
  start();
  const auto late = raise(1), other = raise(2, AccessKind::kComplaint);
  clock_.time += std::chrono::days(10);
  const auto soon = raise(3);
  EXPECT_EQ(listed({}), (std::vector<std::uint64_t>{late, soon}));
  ObjectionFilter overdue;
  overdue.only_overdue = true;
  EXPECT_TRUE(listed(overdue).empty());
  const Timestamp due = objections_->find(late).value().due;
  clock_.time = due - 1ms;
  EXPECT_TRUE(listed(overdue).empty());
  clock_.time = due;
  EXPECT_EQ(listed(overdue), std::vector<std::uint64_t>{late});
  EXPECT_EQ(objections_->figures(ObjectionKind::kObjection)->overdue, 1u);
  EXPECT_EQ(objections_->figures(ObjectionKind::kComplaint)->overdue, 1u);
  ObjectionFilter of_unit;
  of_unit.unit = "I0";
  EXPECT_TRUE(listed(of_unit).empty());
  of_unit.unit = "I1";
  EXPECT_EQ(listed(of_unit).size(), 2u);
  of_unit.limit = 1;
  EXPECT_EQ(listed(of_unit), std::vector<std::uint64_t>{late});
  EXPECT_EQ(step(other, ObjectionStep::kWithdraw), "withdrawn");
}

TEST_F(ObjectionsTest, OverdueInAPeriodAlsoWhereTheyHaveEnded) {
  start();
  const auto first = raise(1), second = raise(2);
  const Timestamp due = objections_->find(first).value().due;
  EXPECT_EQ(step(second, ObjectionStep::kWithdraw), "withdrawn");
  clock_.time = due + std::chrono::days(2);
  step(first, ObjectionStep::kTake);
  step(first, ObjectionStep::kConfirm);
  clock_.time += std::chrono::days(30);
  const auto numbers = [&](Timestamp from, Timestamp until) {
    return objections_->overdue(from, until).value().size();
  };
  const auto day = std::chrono::days(1);
  EXPECT_EQ(numbers(due - day, due + day), 1u);
  EXPECT_EQ(numbers(due + day, due + 9 * day), 1u) << "still open then";
  EXPECT_EQ(numbers(due + 3 * day, due + 9 * day), 0u) << "ended by then";
  EXPECT_EQ(numbers(due - 9 * day, due), 0u) << "not due yet";
}

TEST_F(ObjectionsTest, DueAtTheEndOfTheLastDayInBeijing) {
  const auto at = [](const char* text) { return parse_message_time(text).value(); };
  EXPECT_EQ(due_after(at("2026-11-28T02:00:00Z"), kDays), at("2026-12-13T16:00:00Z"));
  EXPECT_EQ(due_after(at("2026-11-28T15:59:59Z"), kDays), at("2026-12-13T16:00:00Z"));
  EXPECT_EQ(due_after(at("2026-11-28T16:00:00Z"), kDays), at("2026-12-14T16:00:00Z"));
}

TEST_F(ObjectionsTest, WhatIsShownIsRecordedAndChangesNothing) {
  start();
  const auto number = raise(1);
  const auto shown = objections_->note_shown(number, by("liu", clock_.now()));
  ASSERT_TRUE(shown.ok());
  const AccessRecord record = log_->record(shown.value()).value().record;
  EXPECT_EQ(record.kind, AccessKind::kObjectionStep);
  EXPECT_EQ(record.refers_to, number);
  EXPECT_EQ(record.result, "shown");
  EXPECT_EQ(record.holder, "110101199003071233");
  start();
  EXPECT_EQ(mark(1), std::to_string(number) + " raised");
}

TEST_F(ObjectionsTest, TheStateOutlivesTheKeysOfTheHolder) {
  start();
  const auto number = raise(1);
  EXPECT_EQ(step(number, ObjectionStep::kTake), "taken");
  objections_.reset();
  log_.reset();
  {
    const auto log = open();
    ASSERT_TRUE(log->destroy_personal("110101199003071233", by("officer", clock_.now())).ok());
    log->close();
  }
  forget_access_index(settings_.folder);
  start();
  const auto found = objections_->find(number);
  ASSERT_TRUE(found.ok()) << found.error().code;
  EXPECT_EQ(found.value().state, ObjectionState::kTaken);
  EXPECT_TRUE(found.value().identifier.empty());
  EXPECT_EQ(mark(1), "none") << "nobody can tell any more which certificate it was";
}

TEST_F(ObjectionsTest, WhoIsForgottenIsInMemoryNoMore) {
  start();
  const auto number = raise(1);
  objections_->forget("somebody else");
  EXPECT_NE(mark(1), "none");
  objections_->forget("110101199003071233");
  EXPECT_EQ(mark(1), "none");
  const Objection left = objections_->find(number).value();
  EXPECT_TRUE(left.holder.empty() && left.raiser.holder.empty() && left.number_of.empty());
  EXPECT_EQ(step(number, ObjectionStep::kTake), "taken");
  EXPECT_EQ(step(number, ObjectionStep::kConfirm), "confirmed");
  EXPECT_EQ(objections_->figures(ObjectionKind::kObjection)->open, 0u);
}

// Whatever happens, in whatever order, with restarts in between: each step does what the table
// says, and a process that reads the records knows what the one before knew.
TEST_F(ObjectionsTest, AnyOrderOfEventsAndRestarts) {
  constexpr std::array kEvents{ObjectionStep::kTake,    ObjectionStep::kConfirm,
                               ObjectionStep::kCorrect, ObjectionStep::kUphold,
                               ObjectionStep::kReject,  ObjectionStep::kWithdraw};
  std::mt19937 chance(2026);
  const auto pick = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(chance);
  };
  start();
  struct Model {
    ObjectionKind kind = ObjectionKind::kObjection;
    ObjectionState state = ObjectionState::kRaised;
    std::string reviewer{};
    int certificate = 0;
  };
  std::map<std::uint64_t, Model> model;
  for (int event = 0; event < 400; ++event) {
    clock_.time += std::chrono::hours(pick(20));
    if (pick(60) == 0) start();
    if (model.empty() || pick(4) == 0) {
      const bool complaint = pick(3) == 0;
      const int certificate = static_cast<int>(pick(30));
      const auto number =
          raise(certificate, complaint ? AccessKind::kComplaint : AccessKind::kObjection);
      model[number] = {complaint ? ObjectionKind::kComplaint : ObjectionKind::kObjection,
                       ObjectionState::kRaised, "", certificate};
      continue;
    }
    auto& [number, one] =
        *std::next(model.begin(), static_cast<std::ptrdiff_t>(pick(model.size())));
    const ObjectionStep what = kEvents.at(pick(kEvents.size()));
    const std::string person = pick(2) == 0 ? "liu" : "sun";
    const auto then = state_after(one.kind, one.state, what);
    const bool of_another = then && is_of_the_reviewer(what) && one.reviewer != person;
    const std::string expected = !then        ? then.error().code
                                 : of_another ? "objection.of_another"
                                              : to_text(then.value());
    ASSERT_EQ(step(number, what, person), expected) << event;
    if (!then || of_another) continue;
    one.state = then.value();
    if (what == ObjectionStep::kTake) one.reviewer = person;
  }
  for (int round = 0; round < 2; ++round) {
    std::map<int, std::uint64_t> open;
    for (const auto& [number, one] : model) {
      const auto found = objections_->find(number);
      ASSERT_TRUE(found.ok());
      EXPECT_EQ(found.value().state, one.state) << number;
      EXPECT_EQ(found.value().reviewer, one.reviewer) << number;
      EXPECT_EQ(found.value().ended.has_value(), has_ended(one.state)) << number;
      if (one.kind == ObjectionKind::kObjection && !has_ended(one.state)) {
        open.emplace(one.certificate, number);
      }
    }
    for (int certificate = 0; certificate < 30; ++certificate) {
      const auto marked = objections_->mark_of("ID" + std::to_string(certificate), "T1", "");
      const auto expected = open.find(certificate);
      ASSERT_EQ(marked.has_value(), expected != open.end()) << certificate;
      if (marked) {
        EXPECT_EQ(marked->number, expected->second);
      }
    }
    start();
  }
  EXPECT_EQ(verify().findings.size(), 0u);
}

TEST_F(ObjectionsTest, PeopleAreToldWhatIsOverdue) {
  start();
  raise(1);
  MetricsRegistry metrics;
  testing::RecordingLogger logger;
  clock_.time += std::chrono::days(17);
  const ObjectionWatch watch(*objections_, metrics, logger, 1ms);
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (metrics.value("objections_overdue", {{"kind", "objection"}}) < 1) {
    ASSERT_LT(std::chrono::steady_clock::now(), until);
    std::this_thread::yield();
  }
  EXPECT_EQ(metrics.value("objections_open", {{"kind", "objection"}}), 1);
}

}  // namespace
}  // namespace certbridge::host

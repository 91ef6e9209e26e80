#include "query/provisional_watch.h"

#include <charconv>

#include "access/policy/decision.h"
#include "access/records/reference.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::minutes kAgain{5};
constexpr std::chrono::hours kGiveUpAfter{24};
constexpr std::chrono::minutes kLongestTime{1440};  // that a policy may give
constexpr std::size_t kMostWatched = 100'000;
constexpr std::string_view kObligation = "provisional:";

// By the policy of now: who changes it changes the time. None: the longest that one may give.
std::chrono::minutes time_given(const AccessPolicy& policy, const DecisionInputs& inputs) {
  for (const std::string& obligation : decide(policy, inputs.request, inputs.facts).obligations) {
    if (!obligation.starts_with(kObligation)) continue;
    int minutes = 0;
    const char* const first = obligation.data() + kObligation.size();
    std::from_chars(first, obligation.data() + obligation.size(), minutes);
    if (minutes > 0) return std::chrono::minutes(minutes);
  }
  return kLongestTime;
}

}  // namespace

ProvisionalWatch::ProvisionalWatch(AccessRecorder& recorder, EarlierRecords& earlier,
                                   const AccessPolicy& policy, AskCase ask, const Clock& clock)
    : recorder_(recorder),
      earlier_(earlier),
      policy_(policy),
      ask_(std::move(ask)),
      clock_(clock) {}

Result<AccessPlace> ProvisionalWatch::append(const AccessRecord& record) {
  auto place = recorder_.append(record);
  if (place) remember(record, place.value().number);
  return place;
}

// One query is one use: what stands beside its record refers to it.
std::optional<ProvisionalWatch::Use> ProvisionalWatch::use_in(const AccessRecord& record) const {
  if (record.decision != AccessDecision::kAllowed || record.kind == AccessKind::kFlag ||
      record.kind == AccessKind::kReference || record.refers_to != 0 ||
      record.inputs.find("provisional=\"yes\"") == std::string::npos) {
    return {};
  }
  const auto inputs = parse_inputs(record.inputs);
  if (!inputs || !inputs.value().request.provisional || !inputs.value().facts.case_facts ||
      !inputs.value().facts.case_facts->provisional) {
    return {};
  }
  const Timestamp due =
      inputs.value().facts.case_facts->started + time_given(policy_, inputs.value());
  return Use{inputs.value().request.ground, due, due};
}

void ProvisionalWatch::remember(const AccessRecord& record, std::uint64_t number) {
  const bool is_settled =
      (record.kind == AccessKind::kFlag && (record.code == kNoCase || record.code == kUnknown)) ||
      (record.kind == AccessKind::kReference && record.code == kBecameCase);
  const auto use = use_in(record);
  const std::lock_guard lock(mutex_);
  if (is_settled) {
    uses_.erase(record.refers_to);
    flagged_.insert(record.refers_to);
  } else if (use && !flagged_.contains(number) && uses_.size() < kMostWatched) {
    uses_.emplace(number, *use);
  }
}

std::map<std::string, std::set<std::uint64_t>> ProvisionalWatch::due_now() const {
  const Timestamp now = clock_.now();
  std::map<std::string, std::set<std::uint64_t>> due;
  const std::lock_guard lock(mutex_);
  for (const auto& [number, use] : uses_) {
    if (use.next <= now) due[use.number].insert(number);
  }
  return due;
}

void ProvisionalWatch::look(const std::stop_token& stop) {
  for (const auto& [number, uses] : due_now()) {
    if (stop.stop_requested()) return;
    judge(number, uses);
  }
}

void ProvisionalWatch::judge(const std::string& number, const std::set<std::uint64_t>& uses) {
  const auto facts = ask_(number);
  for (const std::uint64_t use : uses) {
    if (!facts) {
      ask_later(use);
    } else if (facts.value().known && !facts.value().provisional) {
      refer(use, facts.value().case_no);
    } else {
      flag(use, kNoCase);
    }
  }
}

void ProvisionalWatch::ask_later(std::uint64_t use) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = uses_.find(use);
    if (found == uses_.end()) return;
    found->second.next = clock_.now() + kAgain;
    if (clock_.now() - found->second.due < kGiveUpAfter) return;
  }
  flag(use, kUnknown);
}

// What cannot be recorded now is tried again with the next look.
void ProvisionalWatch::flag(std::uint64_t use, const char* code) {
  const auto earlier = earlier_.record(use);
  if (!earlier) return;
  AccessRecord record = earlier.value().record;
  record.kind = AccessKind::kFlag;
  record.code = code;
  record.result = "flagged";
  record.refers_to = use;
  record.inputs.clear();
  record.sources.clear();
  record.disclosed.clear();
  record.disclosed_digest.clear();
  record.asked = record.decided = clock_.now();
  if (!recorder_.append(record)) return;
  const std::lock_guard lock(mutex_);
  uses_.erase(use);
  flagged_.insert(use);
}

void ProvisionalWatch::refer(std::uint64_t use, const std::string& case_no) {
  const auto earlier = earlier_.record(use);
  if (!earlier) return;
  AccessRecord record = reference_to(earlier.value().record, use);
  if (case_no.empty() || case_no == record.ground) return forget(use);
  record.code = kBecameCase;
  record.ground = case_no;
  record.asked = record.decided = clock_.now();
  if (recorder_.append(record)) forget(use);
}

void ProvisionalWatch::forget(std::uint64_t use) {
  const std::lock_guard lock(mutex_);
  uses_.erase(use);
}

std::size_t ProvisionalWatch::outstanding() const {
  const std::lock_guard lock(mutex_);
  return uses_.size();
}

}  // namespace certbridge::host

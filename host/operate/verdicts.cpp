// Verdicts that belong to nothing, or contradict how their delivery has ended.
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

const char* word(Outcome::Verdict verdict) {
  switch (verdict) {
    case Outcome::Verdict::kAccepted:
      return "accepted";
    case Outcome::Verdict::kRejected:
      return "rejected";
    case Outcome::Verdict::kWithdrawn:
      return "withdrawn";
  }
  return "";
}

std::string reason_of(const ParkedVerdict& verdict) {
  if (!verdict.contradicts) return "no receipt names it, and no send can bring one any more";
  return "delivery " + verdict.delivery + " of " + verdict.message_id + " is " + verdict.ended;
}

Result<OperationAnswer> list_verdicts(const OperationCall& call) {
  const auto found = call.services.store.desk().parked_verdicts(0, limit_of(call));
  if (!found) return found.error();
  AnswerTable table{"verdicts",
                    {"verdict", "endpoint", "correlation", "said", "code", "words", "received",
                     "message", "reason"},
                    {}};
  for (const ParkedVerdict& one : found.value()) {
    table.rows.push_back({one.id, one.endpoint, one.correlation, word(one.outcome.verdict),
                          one.outcome.code, one.outcome.message, time_field(one.received),
                          one.message_id, reason_of(one)});
  }
  OperationAnswer answer;
  answer.tables.push_back(std::move(table));
  return answer;
}

Result<OperationAnswer> discard_verdict(const OperationCall& call) {
  const std::int64_t id = call.number("verdict", 0);
  Transition transition;
  transition.verdicts_given_up.push_back(id);
  transition.actions.push_back(
      action_of(call, "verdicts discard", "verdict " + std::to_string(id), ""));
  if (auto applied = call.services.store.apply(std::move(transition)); !applied) {
    return applied.error();
  }
  OperationAnswer answer;
  answer.values.emplace_back("verdict", id);
  return answer;
}

}  // namespace

std::vector<Operation> verdict_operations() {
  return {
      {"verdicts",
       "list",
       Effect::kReads,
       kLookers,
       "verdicts that belong to nothing, or contradict how their delivery has ended",
       {kLimit},
       &list_verdicts},
      {"verdicts",
       "discard",
       Effect::kChanges,
       kOperators,
       "give one up: nothing follows from it",
       {{"verdict", ParameterType::kNumber, true, true, "the number that `verdicts list` gave"},
        kReason},
       &discard_verdict},
  };
}

}  // namespace certbridge::host

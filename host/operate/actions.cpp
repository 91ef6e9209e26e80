#include "observe/clock.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {

std::size_t limit_of(const OperationCall& call) {
  const auto wanted = call.number("limit", kStandardLimit);
  return static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 1, kHighestLimit));
}

Field count_field(std::uint64_t count) { return static_cast<std::int64_t>(count); }
Field time_field(Timestamp when) { return to_iso8601(when); }

Action action_of(const OperationCall& call, const std::string& operation, const std::string& target,
                 const std::string& detail) {
  Action action;
  action.person = call.actor.person;
  action.role = call.actor.role;
  action.operation = operation;
  action.target = target;
  action.reason = call.text("reason");
  action.detail = detail;
  return action;
}

AnswerTable action_table(const std::vector<Action>& actions) {
  AnswerTable table{
      "actions", {"id", "when", "person", "role", "operation", "target", "reason", "detail"}, {}};
  for (const Action& action : actions) {
    table.rows.push_back({action.id, time_field(action.when), action.person, action.role,
                          action.operation, action.target, action.reason, action.detail});
  }
  return table;
}

AnswerTable trace_table(const std::vector<TraceEntry>& trace) {
  AnswerTable table{"history", {"when", "step", "outcome", "text"}, {}};
  for (const TraceEntry& entry : trace) {
    table.rows.push_back({time_field(entry.when), entry.step, entry.outcome, entry.text});
  }
  return table;
}

namespace {

Result<OperationAnswer> list_actions(const OperationCall& call) {
  ActionQuery query;
  query.target = call.text("target");
  query.person = call.text("person");
  query.limit = limit_of(call);
  const auto found = call.services.store.desk().actions(query);
  if (!found) return found.error();
  OperationAnswer answer;
  answer.tables.push_back(action_table(found.value()));
  return answer;
}

}  // namespace

std::vector<Operation> action_operations() {
  return {
      {"actions",
       "list",
       Effect::kReads,
       kLookers,
       "who did what, when and why; newest first",
       {{"target", ParameterType::kText, false, false, "only of this message, replay or review"},
        {"person", ParameterType::kText, false, false, "only of this person"},
        kLimit},
       &list_actions},
  };
}

}  // namespace certbridge::host

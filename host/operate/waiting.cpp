// What waits for an earlier event of one of its keys.
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {

namespace {

Result<OperationAnswer> list_waiting(const OperationCall& call) {
  const auto found = call.services.store.desk().waiting(call.text("endpoint"), limit_of(call));
  if (!found) return found.error();
  if (auto known = check_names(call); found.value().empty() && !known) return known.error();
  const Timestamp now = call.services.clock.now();
  AnswerTable table{"waiting",
                    {"message", "delivery", "endpoint", "route", "since", "age", "too long", "for"},
                    {}};
  for (const WaitingItem& item : found.value()) {
    const auto age = now - item.since;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age);
    table.rows.push_back({item.message_id, item.delivery, item.endpoint, item.route,
                          time_field(item.since), static_cast<std::int64_t>(seconds.count()),
                          age >= call.services.configuration.waiting_limit, item.cause});
  }
  OperationAnswer answer;
  answer.tables.push_back(std::move(table));
  return answer;
}

}  // namespace

std::vector<Operation> waiting_operations() {
  return {
      {"deliveries",
       "waiting",
       Effect::kReads,
       kLookers,
       "what waits for an earlier event of its keys, since when and for what; oldest first",
       {kEndpoint, kLimit},
       &list_waiting},
  };
}

}  // namespace certbridge::host

// How the daily logs of areas stand: what the deliveries of their days came to.
#include <set>
#include <tuple>

#include "engine/overdue.h"
#include "observe/clock.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kLogZone{8};
constexpr std::chrono::hours kLastDays{7 * 24};

using LogRows = std::vector<std::vector<Field>>;

bool is_about_days(const std::string& type) {
  return type == "calendar.day" || type == "registration.day";
}

// Ids of messages about days from `from` on, as "2026-11-27", in the order of their acceptance.
Result<std::vector<std::string>> messages_about_days(const OperationCall& call, Timestamp from,
                                                     const std::string& first_day) {
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (const char* type : {"calendar.day", "registration.day"}) {
    FactsQuery query;
    query.type = type;
    query.area = call.text("area");
    query.accepted_from = from - kLogZone;
    const auto facts = call.services.store.list_facts(query, kHighestLimit);
    if (!facts) return facts.error();
    for (const DeliveryFact& fact : facts.value()) {
      if (header_of(fact.headers, "day") < first_day || !seen.insert(fact.message_id).second)
        continue;
      ids.push_back(fact.message_id);
    }
  }
  return ids;
}

Result<void> add_rows(Store& store, const std::string& id, LogRows& rows) {
  const auto stored = store.message(id);
  if (!stored) return stored.error();
  const Message& message = stored.value().message;
  if (!is_about_days(message.type)) return {};
  const auto deliveries = store.deliveries(id);
  if (!deliveries) return deliveries.error();
  for (const StoredDelivery& one : deliveries.value()) {
    rows.push_back({message.area, header_of(message, "day"), one.endpoint, to_text(one.state),
                    one.error_code == kCodeVerdictOverdue,
                    one.receipt ? one.receipt->remote_id : std::string(), one.error_code,
                    one.error_message, time_field(one.changed), id});
  }
  return {};
}

bool is_earlier(const std::vector<Field>& one, const std::vector<Field>& other) {
  return std::tie(one[0], one[1]) < std::tie(other[0], other[1]);
}

Result<OperationAnswer> list_daily_logs(const OperationCall& call) {
  const auto given = call.time("from");
  const Timestamp from = given ? *given : call.services.clock.now() - kLastDays;
  const auto ids = messages_about_days(call, from, to_iso8601(from).substr(0, 10));
  if (!ids) return ids.error();
  LogRows rows;
  for (const std::string& id : ids.value()) {
    if (auto added = add_rows(call.services.store, id, rows); !added) return added.error();
  }
  std::stable_sort(rows.begin(), rows.end(), is_earlier);
  AnswerTable table{"logs",
                    {"area", "day", "endpoint", "state", "overdue", "number", "code", "reason",
                     "changed", "message"},
                    {}};
  table.rows.assign(
      rows.end() - std::min<std::ptrdiff_t>(std::ssize(rows), std::ptrdiff_t(limit_of(call))),
      rows.end());
  OperationAnswer answer;
  answer.tables.push_back(std::move(table));
  return answer;
}

}  // namespace

std::vector<Operation> daily_log_operations() {
  return {
      {"daily-logs",
       "list",
       Effect::kReads,
       kLookers,
       "how the daily logs of areas stand: under way, sent, accepted, rejected, overdue",
       {{"from", ParameterType::kTime, false, false,
         "only days from this one on; else the last seven"},
        {"area", ParameterType::kText, false, false, "only of this area"},
        kLimit},
       &list_daily_logs},
  };
}

}  // namespace certbridge::host

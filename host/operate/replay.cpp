// Replays: what is parked is taken up again as a job with a rate, which people may pause and stop.
#include "operate/operation_lists.h"
#include "operate/parked_parts.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kHighestRate = 1000;

const EndpointConfig* endpoint_of(const OperationCall& call, const std::string& name) {
  for (const EndpointConfig& endpoint : call.services.configuration.endpoints) {
    if (endpoint.name == name) return &endpoint;
  }
  return nullptr;
}

// The engine's own reasons: what became of the last attempt is not known. A counterpart that
// refused said that it did not take it.
bool outcome_is_open(const ParkedCount& count) {
  return count.kind == ParkedKind::kRepair || count.code.starts_with("delivery.");
}

struct Forecast {
  bool asks_first = false;
  bool may_be_twice = false;
  bool parks_again = false;
};

Forecast forecast_of(const OperationCall& call, const ParkedCount& count) {
  const EndpointConfig* endpoint = endpoint_of(call, count.endpoint);
  if (count.kind == ParkedKind::kMessage) return {};
  if (endpoint == nullptr) return {false, false, true};
  if (!count.attempted) return {};
  if (call.flag("unconfirmed")) return {false, outcome_is_open(count), false};
  return {true, endpoint->unknown == UnknownPolicy::kResend && outcome_is_open(count),
          endpoint->unknown == UnknownPolicy::kPark};
}

std::string selection_of(const OperationCall& call) {
  std::string text;
  for (const char* name : {"endpoint", "route", "code", "from", "until"}) {
    const std::string value = call.text(name);
    if (!value.empty()) text += (text.empty() ? "" : ", ") + std::string(name) + " " + value;
  }
  return text.empty() ? "everything that is parked" : text;
}

OperationAnswer job_answer(const ReplayJob& job) {
  OperationAnswer answer;
  answer.values = {{"job", job.id},
                   {"state", to_text(job.state)},
                   {"selection", job.selection},
                   {"rate", static_cast<std::int64_t>(job.rate)},
                   {"unconfirmed", job.unconfirmed},
                   {"waiting", count_field(job.waiting)},
                   {"replayed", count_field(job.replayed)},
                   {"skipped", count_field(job.skipped)},
                   {"started", time_field(job.created)},
                   {"changed", time_field(job.changed)},
                   {"person", job.person}};
  return answer;
}

Result<OperationAnswer> change_job(const OperationCall& call, const char* operation,
                                   std::vector<ReplayState> expected, ReplayState state) {
  Store& store = call.services.store;
  const std::int64_t id = call.number("job", 0);
  Transition transition;
  transition.replay_state = ReplayStateChange{id, std::move(expected), state};
  transition.actions.push_back(action_of(call, operation, "replay " + std::to_string(id), ""));
  if (auto applied = store.apply(std::move(transition)); !applied) return applied.error();
  const auto job = store.desk().replay_job(id);
  if (!job) return job.error();
  return job_answer(job.value());
}

Result<void> add_items(const OperationCall& call, std::int64_t job, ReplayItemState state,
                       AnswerTable& table) {
  const auto items = call.services.store.desk().replay_items(job, state, limit_of(call));
  if (!items) return items.error();
  for (const ReplayItem& item : items.value()) {
    std::string delivery, now;
    const auto stored = call.services.store.message(item.message_id);
    if (stored && item.delivery_id == 0) now = to_text(stored.value().state);
    const auto deliveries = call.services.store.deliveries(item.message_id);
    for (const StoredDelivery& one :
         deliveries ? deliveries.value() : std::vector<StoredDelivery>{}) {
      if (one.id != item.delivery_id) continue;
      delivery = one.name;
      now = to_text(one.state);
    }
    table.rows.push_back({item.item, item.message_id, delivery, to_text(state), now});
  }
  return {};
}

}  // namespace

ParkedQuery parked_query(const OperationCall& call) {
  ParkedQuery query;
  query.endpoint = call.text("endpoint");
  query.route = call.text("route");
  query.code = call.text("code");
  query.from = call.time("from");
  query.until = call.time("until");
  query.limit = limit_of(call);
  return query;
}

DeliveryChange taking_up(const StoredDelivery& delivery, bool unconfirmed, Timestamp now) {
  const bool may_have_left = delivery.last_attempt.has_value();
  DeliveryChange change;
  change.id = delivery.id;
  change.expected = {delivery.state};
  change.state = may_have_left && !unconfirmed ? DeliveryState::kUnknown : DeliveryState::kReady;
  change.next_at = now;
  return change;
}

namespace {

Result<OperationAnswer> preview_replay(const OperationCall& call) {
  const auto counts = call.services.store.desk().count_parked(parked_query(call));
  if (!counts) return counts.error();
  if (auto known = check_names(call); counts.value().empty() && !known) return known.error();
  std::uint64_t all = 0, asked = 0, twice = 0, again = 0;
  AnswerTable table{
      "parked",
      {"endpoint", "kind", "code", "count", "asked first", "may arrive twice", "parked again"},
      {}};
  for (const ParkedCount& count : counts.value()) {
    const Forecast forecast = forecast_of(call, count);
    all += count.count;
    asked += forecast.asks_first ? count.count : 0;
    twice += forecast.may_be_twice ? count.count : 0;
    again += forecast.parks_again ? count.count : 0;
    table.rows.push_back({count.endpoint, to_text(count.kind), count.code, count_field(count.count),
                          count_field(forecast.asks_first ? count.count : 0),
                          count_field(forecast.may_be_twice ? count.count : 0),
                          count_field(forecast.parks_again ? count.count : 0)});
  }
  OperationAnswer answer;
  answer.values = {{"selection", selection_of(call)},
                   {"count", count_field(all)},
                   {"asked first", count_field(asked)},
                   {"may arrive twice", count_field(twice)},
                   {"parked again", count_field(again)}};
  answer.tables.push_back(std::move(table));
  return answer;
}

Result<OperationAnswer> start_replay(const OperationCall& call) {
  ReplayStart start;
  const std::int64_t rate = call.number("rate", 0);
  if (rate < 1 || rate > kHighestRate) {
    return Error::permanent("operate.parameter", "`rate` must be from 1 to 1000 a second");
  }
  start.query = parked_query(call);
  start.rate = static_cast<int>(rate);
  start.unconfirmed = call.flag("unconfirmed");
  start.expected = static_cast<std::uint64_t>(call.number("expect", 0));
  start.selection = selection_of(call);
  const std::string detail = start.selection + ", " + std::to_string(rate) + " a second" +
                             (start.unconfirmed ? ", unconfirmed" : "");
  Desk& desk = call.services.store.desk();
  const auto id = desk.start_replay(start, action_of(call, "replay start", "", detail));
  if (!id) return id.error();
  const auto job = desk.replay_job(id.value());
  if (!job) return job.error();
  return job_answer(job.value());
}

Result<OperationAnswer> list_replays(const OperationCall& call) {
  const auto jobs = call.services.store.desk().replay_jobs(limit_of(call));
  if (!jobs) return jobs.error();
  AnswerTable table{
      "replays",
      {"job", "state", "selection", "rate", "waiting", "replayed", "skipped", "started", "person"},
      {}};
  for (const ReplayJob& job : jobs.value()) {
    table.rows.push_back({job.id, to_text(job.state), job.selection,
                          static_cast<std::int64_t>(job.rate), count_field(job.waiting),
                          count_field(job.replayed), count_field(job.skipped),
                          time_field(job.created), job.person});
  }
  OperationAnswer answer;
  answer.tables.push_back(std::move(table));
  return answer;
}

Result<OperationAnswer> show_replay(const OperationCall& call) {
  const std::int64_t id = call.number("job", 0);
  const auto job = call.services.store.desk().replay_job(id);
  if (!job) return job.error();
  OperationAnswer answer = job_answer(job.value());
  AnswerTable table{"items", {"item", "original", "delivery", "replay", "state now"}, {}};
  for (const ReplayItemState state :
       {ReplayItemState::kReplayed, ReplayItemState::kSkipped, ReplayItemState::kWaiting}) {
    if (auto added = add_items(call, id, state, table); !added) return added.error();
  }
  answer.tables.push_back(std::move(table));
  return answer;
}

Result<OperationAnswer> pause_replay(const OperationCall& call) {
  return change_job(call, "replay pause", {ReplayState::kRunning}, ReplayState::kPaused);
}
Result<OperationAnswer> resume_replay(const OperationCall& call) {
  return change_job(call, "replay resume", {ReplayState::kPaused}, ReplayState::kRunning);
}
Result<OperationAnswer> stop_replay(const OperationCall& call) {
  return change_job(call, "replay stop", {ReplayState::kRunning, ReplayState::kPaused},
                    ReplayState::kStopped);
}

constexpr Parameter kUnconfirmed{
    "unconfirmed", ParameterType::kFlag, false, false,
    "yes: send without asking the counterpart first what it has; you answer for it"};
constexpr Parameter kJob{"job", ParameterType::kNumber, true, true, "the replay's number"};

}  // namespace

std::vector<Operation> replay_operations() {
  return {
      {"replay",
       "preview",
       Effect::kReads,
       kLookers,
       "what a replay would take up, and what might arrive twice",
       {kEndpoint, kRoute, kCode, kFrom, kUntil, kUnconfirmed},
       &preview_replay},
      {"replay",
       "start",
       Effect::kChanges,
       kOperators,
       "take up again what is parked, as a job",
       {kEndpoint,
        kRoute,
        kCode,
        kFrom,
        kUntil,
        kUnconfirmed,
        {"rate", ParameterType::kNumber, true, false, "how many a second, 1 to 1000"},
        {"expect", ParameterType::kNumber, true, false,
         "how many the preview said: refused when it is not so"},
        kReason},
       &start_replay},
      {"replay",
       "list",
       Effect::kReads,
       kLookers,
       "replays, newest first",
       {kLimit},
       &list_replays},
      {"replay",
       "show",
       Effect::kReads,
       kLookers,
       "one replay and what it took up",
       {kJob, kLimit},
       &show_replay},
      {"replay",
       "pause",
       Effect::kChanges,
       kOperators,
       "take up nothing more for now",
       {kJob, kReason},
       &pause_replay},
      {"replay",
       "resume",
       Effect::kChanges,
       kOperators,
       "go on with a paused replay",
       {kJob, kReason},
       &resume_replay},
      {"replay",
       "stop",
       Effect::kChanges,
       kOperators,
       "end it; what it did not take stays parked",
       {kJob, kReason},
       &stop_replay},
  };
}

}  // namespace certbridge::host

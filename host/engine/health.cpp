#include "engine/health.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>

#include "engine/order_rules.h"
#include "observe/clock.h"
#include "reconcile/last_result.h"

namespace certbridge::host {
namespace {

constexpr MessageState kMessageStates[] = {MessageState::kAccepted,   MessageState::kIncomplete,
                                           MessageState::kInReview,   MessageState::kRouted,
                                           MessageState::kDone,       MessageState::kParked,
                                           MessageState::kSuperseded, MessageState::kWithdrawn,
                                           MessageState::kNotHeld,    MessageState::kDiscarded};

void copy_figures(const StoreFigures& figures, MetricsRegistry& metrics) {
  for (const MessageState state : kMessageStates) {
    metrics.gauge("messages", {{"state", to_text(state)}},
                  static_cast<double>(figures.messages_by_state[static_cast<std::size_t>(state)]));
  }
  for (const auto& [endpoint, counts] : figures.deliveries_by_endpoint_and_state) {
    for (std::size_t state = 1; state < counts.size(); ++state) {
      metrics.gauge("deliveries",
                    {{"endpoint", endpoint}, {"state", to_text(static_cast<DeliveryState>(state))}},
                    static_cast<double>(counts[state]));
    }
  }
  metrics.gauge("journal_wal_bytes", {}, static_cast<double>(figures.wal_bytes));
  metrics.gauge("journal_largest_wal_bytes", {}, static_cast<double>(figures.largest_wal_bytes));
  metrics.gauge("journal_commits", {}, static_cast<double>(figures.commits));
  metrics.gauge("journal_transitions", {}, static_cast<double>(figures.transitions));
  metrics.gauge("journal_commit_p50_seconds", {},
                static_cast<double>(figures.commit_p50.count()) / 1e6);
  metrics.gauge("journal_commit_p99_seconds", {},
                static_cast<double>(figures.commit_p99.count()) / 1e6);
}

Poco::JSON::Array alarm_list(Store& store, const Clock& clock) {
  Poco::JSON::Array list;
  const auto alarms = store.verdict_alarms(clock.now());
  if (!alarms) return list;
  for (const VerdictAlarms& one : alarms.value()) {
    Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
    entry.set("endpoint", one.endpoint);
    entry.set("overdue", one.overdue);
    entry.set("unmatched", one.unmatched);
    entry.set("parked", one.parked);
    list.add(entry);
  }
  return list;
}

void copy_alarms(const EndpointSet& endpoints, Store& store, MetricsRegistry& metrics,
                 const Clock& clock) {
  const auto alarms = store.verdict_alarms(clock.now());
  if (!alarms) return;
  for (const EndpointStatus& status : endpoints.status()) {
    VerdictAlarms found;
    for (const VerdictAlarms& one : alarms.value()) {
      if (one.endpoint == status.name) found = one;
    }
    const MetricLabels labels{{"endpoint", status.name}};
    metrics.gauge("verdicts_overdue", labels, static_cast<double>(found.overdue));
    metrics.gauge("verdicts_unmatched", labels, static_cast<double>(found.unmatched));
    metrics.gauge("verdicts_parked", labels, static_cast<double>(found.parked));
  }
}

// Counting is what it costs: about a tenth of a microsecond for each that waits above the limit.
constexpr std::size_t kMostAlarms = 100'000;

std::vector<WaitingAlarm> waiting_too_long(const EngineServices& services) {
  const Timestamp until = services.clock.now() - services.configuration.waiting_limit;
  auto alarms = services.store.waiting_alarms(until, kMostAlarms);
  return alarms ? std::move(alarms).value() : std::vector<WaitingAlarm>{};
}

double age_in_seconds(const EngineServices& services, const WaitingAlarm& alarm) {
  const std::chrono::duration<double> age = services.clock.now() - alarm.oldest.since;
  return age.count();
}

Poco::JSON::Array waiting_list(const EngineServices& services) {
  Poco::JSON::Array list;
  for (const WaitingAlarm& one : waiting_too_long(services)) {
    Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
    entry.set("endpoint", one.endpoint);
    entry.set("count", one.count);
    entry.set("since", to_iso8601(one.oldest.since));
    entry.set("age", static_cast<std::int64_t>(age_in_seconds(services, one)));
    entry.set("oldest", waiting_text(one.oldest));
    list.add(entry);
  }
  return list;
}

void copy_waiting(const EngineServices& services, const std::string& endpoint,
                  const std::vector<WaitingAlarm>& alarms) {
  double count = 0;
  double age = 0;
  for (const WaitingAlarm& one : alarms) {
    if (one.endpoint != endpoint) continue;
    count = static_cast<double>(one.count);
    age = age_in_seconds(services, one);
  }
  const MetricLabels labels{{"endpoint", endpoint}};
  services.metrics.gauge("waiting_too_long", labels, count);
  services.metrics.gauge("waiting_oldest_seconds", labels, age);
}

// One of the empty name is for messages whose steps wait.
void copy_waiting(const EngineServices& services) {
  const std::vector<WaitingAlarm> alarms = waiting_too_long(services);
  copy_waiting(services, "", alarms);
  for (const EndpointConfig& endpoint : services.configuration.endpoints) {
    copy_waiting(services, endpoint.name, alarms);
  }
}

// Who decided it and why is for those who may see the journal: not for everybody who may ask here.
Poco::JSON::Array hold_list(Store& store) {
  Poco::JSON::Array list;
  const auto holds = store.holds();
  if (!holds) return list;
  for (const Hold& hold : holds.value()) {
    Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
    entry.set("scope", to_text(hold.scope));
    entry.set("name", hold.name);
    entry.set("since", to_iso8601(hold.since));
    list.add(entry);
  }
  return list;
}

// A breaker is an alarm; the rest goes by the calendar or by the counterpart's own word.
Poco::JSON::Array pause_list(Store& store) {
  Poco::JSON::Array list;
  const auto pauses = store.pauses();
  if (!pauses) return list;
  for (const Pause& pause : pauses.value()) {
    Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
    entry.set("endpoint", pause.endpoint);
    entry.set("cause", to_text(pause.cause));
    entry.set("alarm", pause.cause == PauseCause::kBreaker);
    entry.set("since", to_iso8601(pause.since));
    if (pause.until) entry.set("until", to_iso8601(*pause.until));
    if (!pause.reason.empty()) entry.set("reason", pause.reason);
    list.add(entry);
  }
  return list;
}

// Types whose certificates wait: each an alarm until it goes on.
Poco::JSON::Array type_lane_list(Store& store) {
  Poco::JSON::Array list;
  const auto lanes = store.type_lanes().lanes();
  if (!lanes) return list;
  for (const TypeLane& lane : lanes.value()) {
    Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
    entry.set("endpoint", lane.name.endpoint);
    entry.set("type", lane.name.type);
    if (lane.name.version > 0) entry.set("version", lane.name.version);
    entry.set("cause", to_text(lane.cause));
    entry.set("since", to_iso8601(lane.since));
    entry.set("waiting", lane.waiting);
    list.add(entry);
  }
  return list;
}

// What the comparison of the books found last: numbers only, the identifiers are for those who may
// ask for them.
Poco::JSON::Object reconcile_state(const LastComparison& last) {
  Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
  std::uint64_t differences = 0;
  Poco::JSON::Array not_asked;
  for (const LastBooks& one : last.books) {
    for (const auto& [sort, number] : one.differences) differences += number;
    if (!one.asked) not_asked.add(one.books);
  }
  entry.set("day", to_iso8601(last.day).substr(0, 10));
  entry.set("compared", to_iso8601(last.when));
  entry.set("alarm", differences > 0 || !last.complete);
  entry.set("differences", differences);
  entry.set("notAsked", not_asked);
  return entry;
}

Poco::JSON::Object sweep_state(const LastSweep& last) {
  Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
  entry.set("looked", to_iso8601(last.when));
  entry.set("alarm", last.missing > 0 || !last.asked);
  entry.set("missing", last.missing);
  entry.set("asked", last.asked);
  return entry;
}

// One gauge for each endpoint, so that a release is seen as well as a hold.
void copy_holds(const EndpointSet& endpoints, Store& store, MetricsRegistry& metrics) {
  const auto holds = store.holds();
  if (!holds) return;
  for (const EndpointStatus& status : endpoints.status()) {
    const Hold* hold = holding(holds.value(), status.name, "");
    metrics.gauge("endpoint_held", {{"endpoint", status.name}}, hold == nullptr ? 0 : 1);
  }
  metrics.gauge("holds", {}, static_cast<double>(holds.value().size()));
}

// Changes of which earlier and new certificates did not come to an end within the limit.
Poco::JSON::Object half_done_changes(const EngineServices& services) {
  const Timestamp before = services.clock.now() - services.configuration.life.half_done_limit;
  const auto count = services.store.desk().half_done(before);
  Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
  entry.set("half-done", count ? count.value().count : 0);
  if (count && count.value().oldest) entry.set("since", to_iso8601(*count.value().oldest));
  entry.set("alarm", count && count.value().count > 0);
  return entry;
}

// Objections and complaints that wait for an issuing unit longer than they may.
Poco::JSON::Object objections_state(const MetricsRegistry& metrics) {
  const auto number = [&](const char* name) {
    return static_cast<std::int64_t>(metrics.value(name, {{"kind", "objection"}}) +
                                     metrics.value(name, {{"kind", "complaint"}}));
  };
  Poco::JSON::Object entry;
  entry.set("alarm", number("objections_overdue") > 0);
  entry.set("open", number("objections_open"));
  entry.set("overdue", number("objections_overdue"));
  return entry;
}

// As whoever keeps the access records showed it last.
Poco::JSON::Object access_state(const MetricsRegistry& metrics) {
  const auto number = [&metrics](const char* name) {
    return static_cast<std::uint64_t>(metrics.value(name, {}));
  };
  Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
  entry.set("alarm", number("access_alarm") > 0);
  entry.set("records", number("access_records"));
  entry.set("number", number("access_number"));
  entry.set("signed", number("access_signed_number"));
  entry.set("anchored", number("access_anchored_number"));
  return entry;
}

// Whether later deliveries of a key wait for open verdicts, and who says so.
void show_order(const Configuration& configuration, const EndpointStatus& status,
                Poco::JSON::Object& entry) {
  const EndpointConfig* endpoint = find_endpoint(configuration, status.name);
  if (endpoint == nullptr) return;
  const OrderInForce order = order_in_force(endpoint->order, status.order);
  entry.set("order", to_text(order.order));
  entry.set("orderFrom", order.from);
}

}  // namespace

FrontAnswer ready_answer(const EngineServices& services) {
  Store& store = services.store;
  bool ready = static_cast<bool>(store.figures());
  Poco::JSON::Array list;
  for (const EndpointStatus& status : services.endpoints.status()) {
    const bool up = status.health == EndpointHealth::kUp;
    ready = ready && up;
    Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
    entry.set("name", status.name);
    entry.set("plugin", status.plugin);
    entry.set("kind", status.kind);
    entry.set("state", up ? "up" : "down");
    if (!up) entry.set("reason", status.reason);
    if (status.as == "sink") show_order(services.configuration, status, entry);
    if (status.hanging > 0) entry.set("hanging", status.hanging);
    list.add(entry);
  }
  Poco::JSON::Object body(Poco::JSON_PRESERVE_KEY_ORDER);
  body.set("ready", ready);
  body.set("endpoints", list);
  body.set("verdicts", alarm_list(store, services.clock));
  body.set("holds", hold_list(store));
  body.set("paused", pause_list(store));
  body.set("types", type_lane_list(store));
  if (const auto last = last_comparison(store)) body.set("books", reconcile_state(*last));
  if (const auto last = last_sweep(store)) body.set("arrivals", sweep_state(*last));
  body.set("waiting", waiting_list(services));
  body.set("changes", half_done_changes(services));
  if (services.configuration.access.given) {
    body.set("access", access_state(services.metrics));
    body.set("objections", objections_state(services.metrics));
  }
  std::ostringstream text;
  body.stringify(text);
  return {ready ? 200 : 503, "application/json", text.str() + "\n"};
}

FrontAnswer metrics_answer(const EngineServices& services) {
  const EndpointSet& endpoints = services.endpoints;
  MetricsRegistry& metrics = services.metrics;
  if (auto figures = services.store.figures()) copy_figures(figures.value(), metrics);
  copy_alarms(endpoints, services.store, metrics, services.clock);
  copy_holds(endpoints, services.store, metrics);
  copy_waiting(services);
  for (const EndpointStatus& status : endpoints.status()) {
    metrics.gauge("endpoint_up", {{"endpoint", status.name}},
                  status.health == EndpointHealth::kUp ? 1 : 0);
  }
  return {200, "text/plain; version=0.0.4", metrics.prometheus_text()};
}

}  // namespace certbridge::host

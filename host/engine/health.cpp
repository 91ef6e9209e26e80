#include "engine/health.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>

namespace certbridge::host {
namespace {

constexpr MessageState kMessageStates[] = {
    MessageState::kAccepted,   MessageState::kIncomplete, MessageState::kInReview,
    MessageState::kRouted,     MessageState::kDone,       MessageState::kParked,
    MessageState::kSuperseded, MessageState::kWithdrawn,  MessageState::kNotHeld};

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

}  // namespace

namespace {

Poco::JSON::Array alarm_list(Store& store, const Clock& clock) {
  Poco::JSON::Array list;
  const auto alarms = store.verdict_alarms(clock.now());
  if (!alarms) return list;
  for (const VerdictAlarms& one : alarms.value()) {
    Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
    entry.set("endpoint", one.endpoint);
    entry.set("overdue", one.overdue);
    entry.set("unmatched", one.unmatched);
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
  }
}

}  // namespace

FrontAnswer ready_answer(const EndpointSet& endpoints, Store& store, const Clock& clock) {
  bool ready = static_cast<bool>(store.figures());
  Poco::JSON::Array list;
  for (const EndpointStatus& status : endpoints.status()) {
    const bool up = status.health == EndpointHealth::kUp;
    ready = ready && up;
    Poco::JSON::Object entry(Poco::JSON_PRESERVE_KEY_ORDER);
    entry.set("name", status.name);
    entry.set("plugin", status.plugin);
    entry.set("kind", status.kind);
    entry.set("state", up ? "up" : "down");
    if (!up) entry.set("reason", status.reason);
    list.add(entry);
  }
  Poco::JSON::Object body(Poco::JSON_PRESERVE_KEY_ORDER);
  body.set("ready", ready);
  body.set("endpoints", list);
  body.set("verdicts", alarm_list(store, clock));
  std::ostringstream text;
  body.stringify(text);
  return {ready ? 200 : 503, "application/json", text.str() + "\n"};
}

FrontAnswer metrics_answer(const EndpointSet& endpoints, Store& store, MetricsRegistry& metrics,
                           const Clock& clock) {
  if (auto figures = store.figures()) copy_figures(figures.value(), metrics);
  copy_alarms(endpoints, store, metrics, clock);
  for (const EndpointStatus& status : endpoints.status()) {
    metrics.gauge("endpoint_up", {{"endpoint", status.name}},
                  status.health == EndpointHealth::kUp ? 1 : 0);
  }
  return {200, "text/plain; version=0.0.4", metrics.prometheus_text()};
}

}  // namespace certbridge::host

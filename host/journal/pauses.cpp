// Pauses of endpoints, one row for each cause while it lasts, and what counts to quotas.
#include "journal/change.h"
#include "journal/reads.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kKeptHours = 96;

std::optional<std::int64_t> number_of(const std::optional<Timestamp>& when) {
  if (!when) return {};
  return when->time_since_epoch().count();
}

const char* cause_text(PauseCause cause) {
  switch (cause) {
    case PauseCause::kBreaker:
      return "by its breaker";
    case PauseCause::kRetryAfter:
      return "as the counterpart asked";
    case PauseCause::kHours:
      return "outside of its opening hours";
    case PauseCause::kMaintenance:
      return "for its maintenance";
    case PauseCause::kQuota:
      return "because its quota is used up";
  }
  return "";
}

}  // namespace

std::string to_text(PauseCause cause) {
  switch (cause) {
    case PauseCause::kBreaker:
      return "breaker";
    case PauseCause::kRetryAfter:
      return "retry-after";
    case PauseCause::kHours:
      return "hours";
    case PauseCause::kMaintenance:
      return "maintenance";
    case PauseCause::kQuota:
      return "quota";
  }
  return "unknown-cause";
}

std::string pause_text(const Pause& pause) {
  std::string text = "endpoint " + pause.endpoint + " paused " + cause_text(pause.cause) +
                     " since " + to_iso8601(pause.since);
  if (pause.until) text += " until " + to_iso8601(*pause.until);
  return pause.reason.empty() ? text : text + ": " + pause.reason;
}

void write_pause(Change& change, const Pause& pause) {
  change.connection().run(
      "insert or replace into pauses(endpoint, cause, since, until, failures, probes, reason) "
      "values (?, ?, ?, ?, ?, ?, ?)",
      pause.endpoint, static_cast<int>(pause.cause), pause.since.time_since_epoch().count(),
      number_of(pause.until), pause.failures, pause.probes, pause.reason);
}

void delete_pause(Change& change, const std::string& endpoint, PauseCause cause) {
  change.connection().run("delete from pauses where endpoint = ? and cause = ?", endpoint,
                          static_cast<int>(cause));
}

std::vector<Pause> read_pauses(Connection& connection) {
  std::vector<Pause> found;
  Statement& rows = connection.select(
      "tiiiiit",
      "select endpoint, cause, since, until, failures, probes, reason from pauses order by "
      "endpoint, cause");
  while (rows.next()) {
    Pause pause;
    pause.endpoint = rows.text(0);
    pause.cause = static_cast<PauseCause>(rows.integer(1));
    pause.since = Timestamp(std::chrono::milliseconds(rows.integer(2)));
    if (!rows.is_null(3)) pause.until = Timestamp(std::chrono::milliseconds(rows.integer(3)));
    pause.failures = static_cast<int>(rows.integer(4));
    pause.probes = static_cast<int>(rows.integer(5));
    pause.reason = rows.text(6);
    found.push_back(std::move(pause));
  }
  return found;
}

void count_send(Change& change, const std::string& endpoint, std::int64_t hour) {
  change.connection().run(
      "insert into sends(endpoint, hour, number) values (?, ?, 1) on conflict(endpoint, hour) do "
      "update set number = number + 1",
      endpoint, hour);
  change.connection().run("delete from sends where endpoint = ? and hour < ?", endpoint,
                          hour - kKeptHours);
}

std::vector<SendCount> read_send_counts(Connection& connection, const std::string& endpoint) {
  std::vector<SendCount> found;
  Statement& rows =
      connection.select("ii", "select hour, number from sends where endpoint = ?", endpoint);
  while (rows.next()) found.push_back({rows.integer(0), rows.integer(1)});
  return found;
}

}  // namespace certbridge::host

// Lanes of types that are held: a row for each lane, and one for each delivery that waits in it.
#include "journal/change.h"
#include "journal/reads.h"
#include "journal/sqlite_type_lanes.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kUntilLookedAtAgain = 2'000;  // milliseconds
// Later than any time that is looked for.
constexpr std::int64_t kUntilReleased = 253'402'300'799'000;  // the end of the year 9999

std::optional<std::int64_t> milliseconds_of(const std::optional<Timestamp>& when) {
  if (!when) return {};
  return when->time_since_epoch().count();
}

bool is_lane_held(Change& change, const TypeLaneName& name) {
  return change.connection().exists(
      "select 1 from type_lanes where endpoint = ? and type = ? and version = ?", name.endpoint,
      name.type, name.version);
}

std::optional<std::int64_t> best_probe_in(Change& change, const TypeLaneName& name) {
  return change.connection().number(
      "select delivery from type_lane_deliveries where endpoint = ? and type = ? and version = ? "
      "order by issues desc, delivery limit 1",
      name.endpoint, name.type, name.version);
}

// The earliest that wait in it.
std::vector<std::int64_t> waiting_in(Change& change, const TypeLaneName& name, std::size_t most) {
  std::vector<std::int64_t> found;
  Statement& rows = change.connection().select(
      "i",
      "select delivery from type_lane_deliveries where endpoint = ? and type = ? and version = ? "
      "order by delivery limit ?",
      name.endpoint, name.type, name.version, static_cast<std::int64_t>(most));
  while (rows.next()) found.push_back(rows.integer(0));
  return found;
}

// Whether it was still there to be let go: somebody may have given it up meanwhile.
bool let_go(Change& change, const TypeLaneName& name, std::int64_t delivery) {
  change.connection().run(
      "delete from type_lane_deliveries where endpoint = ? and type = ? and version = ? and "
      "delivery = ?",
      name.endpoint, name.type, name.version, delivery);
  const std::int64_t changed = change.connection().run(
      "update deliveries set next_at = ? where id = ? and state in (6, 7) and next_at = ?",
      change.now_number(), delivery, kUntilReleased);
  if (changed > 0) change.made_work = true;
  return changed > 0;
}

// `late`: its verdict is overdue.
ProbeState probe_state_of(DeliveryState state, const std::string& code, bool late) {
  switch (state) {
    case DeliveryState::kDelivered:
    case DeliveryState::kRepair:
    case DeliveryState::kNotHeld:
      return ProbeState::kAnswered;
    case DeliveryState::kParked:
      return code == "delivery.attempts_used_up" || code == "delivery.cannot_tell"
                 ? ProbeState::kGone
                 : ProbeState::kAnswered;
    case DeliveryState::kDiscarded:
    case DeliveryState::kSuperseded:
      return ProbeState::kGone;
    case DeliveryState::kOpen:
      return late ? ProbeState::kGone : ProbeState::kUnderWay;
    default:
      return ProbeState::kUnderWay;
  }
}

}  // namespace

std::string lane_text(const TypeLaneName& name) {
  const std::string version =
      name.version == 0 ? std::string() : " version " + std::to_string(name.version);
  return "type " + name.type + version + " at endpoint " + name.endpoint;
}

std::string to_text(LaneCause cause) {
  return cause == LaneCause::kCatalogue ? "catalogue" : "counterpart";
}

void write_lane(Change& change, const TypeLane& lane) {
  change.connection().run(
      "insert or replace into type_lanes(endpoint, type, version, cause, since, next_probe, "
      "probes, probe, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      lane.name.endpoint, lane.name.type, lane.name.version, static_cast<int>(lane.cause),
      lane.since.time_since_epoch().count(), milliseconds_of(lane.next_probe), lane.probes,
      lane.probe, lane.reason);
}

std::int64_t wait_in_lane(Change& change, const LaneWait& wait, std::int64_t delivery) {
  const TypeLaneName& name = wait.lane;
  if (!is_lane_held(change, name)) return change.now_number() + kUntilLookedAtAgain;
  change.connection().run(
      "insert into type_lane_deliveries(endpoint, type, version, delivery, issues) values (?, ?, "
      "?, ?, ?) on conflict do nothing",
      name.endpoint, name.type, name.version, delivery, wait.issues ? 1 : 0);
  return kUntilReleased;
}

std::optional<std::int64_t> probe_lane(Change& change, const TypeLaneName& name) {
  while (true) {
    const auto first = best_probe_in(change, name);
    if (!first) return {};
    if (!let_go(change, name, *first)) continue;
    change.connection().run(
        "update type_lanes set probe = ? where endpoint = ? and type = ? and version = ?", *first,
        name.endpoint, name.type, name.version);
    return first;
  }
}

bool release_lane(Change& change, const TypeLaneName& name, std::size_t most) {
  const auto waiting = waiting_in(change, name, most);
  for (const std::int64_t delivery : waiting) let_go(change, name, delivery);
  if (waiting.size() == most) return false;
  change.connection().run("delete from type_lanes where endpoint = ? and type = ? and version = ?",
                          name.endpoint, name.type, name.version);
  return true;
}

ProbeState read_probe_state(Connection& connection, std::int64_t delivery, Timestamp now) {
  Statement& found = connection.select(
      "iti", "select state, error_code, expected_by from deliveries where id = ?", delivery);
  if (!found.next()) return ProbeState::kGone;
  const auto state = static_cast<DeliveryState>(found.integer(0));
  const std::string code = found.text(1);
  const bool late = !found.is_null(2) && found.integer(2) < now.time_since_epoch().count();
  found.reset();
  return probe_state_of(state, code, late);
}

std::vector<TypeLane> read_lanes(Connection& connection) {
  std::vector<TypeLane> found;
  Statement& rows = connection.select(
      "ttiiiiitii",
      "select l.endpoint, l.type, l.version, l.cause, l.since, l.next_probe, l.probes, l.reason, "
      "l.probe, "
      "(select count(*) from type_lane_deliveries d where d.endpoint = l.endpoint and d.type = "
      "l.type and d.version = l.version) from type_lanes l order by 1, 2, 3");
  while (rows.next()) {
    TypeLane lane;
    lane.name = {rows.text(0), rows.text(1), static_cast<int>(rows.integer(2))};
    lane.cause = static_cast<LaneCause>(rows.integer(3));
    lane.since = Timestamp(std::chrono::milliseconds(rows.integer(4)));
    if (!rows.is_null(5)) lane.next_probe = Timestamp(std::chrono::milliseconds(rows.integer(5)));
    lane.probes = static_cast<int>(rows.integer(6));
    lane.reason = rows.text(7);
    if (!rows.is_null(8)) lane.probe = rows.integer(8);
    lane.waiting = static_cast<std::uint64_t>(rows.integer(9));
    found.push_back(std::move(lane));
  }
  return found;
}

Result<void> SqliteTypeLanes::hold(const TypeLane& lane) {
  return write_([lane](Change& change) { write_lane(change, lane); });
}

Result<std::optional<std::int64_t>> SqliteTypeLanes::probe(const TypeLaneName& name) {
  const auto found = std::make_shared<std::optional<std::int64_t>>();
  const auto written = write_([=](Change& change) { *found = probe_lane(change, name); });
  if (!written) return written.error();
  return *found;
}

Result<ProbeState> SqliteTypeLanes::probe_state(std::int64_t delivery, Timestamp now) {
  try {
    Readers::Lease lease(readers_);
    return read_probe_state(lease.connection(), delivery, now);
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<bool> SqliteTypeLanes::release(const TypeLaneName& name, std::size_t most) {
  const auto done = std::make_shared<bool>(false);
  const auto written = write_([=](Change& change) { *done = release_lane(change, name, most); });
  if (!written) return written.error();
  return *done;
}

Result<std::vector<TypeLane>> SqliteTypeLanes::lanes() {
  try {
    Readers::Lease lease(readers_);
    return read_lanes(lease.connection());
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace certbridge::host

#include "journal/schema.h"

#include <string>

#include "journal/failure.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

// docs/formats.md says what each column means.
// Conditions of indexes compare one by one: for a list SQLite builds a table in each statement.
constexpr const char* kTables[] = {
    "create table meta(name text primary key, value text not null) without rowid",
    "create table data_keys(id integer primary key, month text not null, algorithm integer not "
    "null, master_key_id text not null, wrapped blob not null, made integer not null)",
    "create table messages(number integer primary key, order_number integer not null, path text "
    "not null, parent integer not null, source text not null, type text not null, area text not "
    "null, media_type text not null, classified integer not null, route text not null, created "
    "integer not null, accepted integer not null, since integer not null, changed integer not "
    "null, state "
    "integer not null, ready integer not null, attempts integer not null, next_at integer not "
    "null, "
    "error_code text not null, error_message text not null, keys blob not null, verdicts blob not "
    "null, ends integer not null, lane integer not null)",
    "create unique index messages_children on messages(order_number, path) where path <> ''",
    "create index messages_ready on messages(lane, number) where ready = 1",
    "create index messages_waiting on messages(accepted, number, state, ready) where state = 1 and "
    "ready = 0",
    "create index messages_incomplete on messages(lane, next_at) where state = 2",
    "create index messages_unfinished on messages(state, number) where state <> 5",
    "create index messages_parked on messages(number) where state = 6",
    "create index messages_ended on messages(changed) where state >= 5 and state <> 6 and ready = "
    "0",
    "create table message_contents(number integer primary key, record blob not null, body blob not "
    "null)",
    "create table ledger(key blob primary key, content blob not null, number integer not null) "
    "without rowid",
    "create table message_keys(digest blob not null, number integer not null, primary key(digest, "
    "number)) without rowid",
    "create table open_keys(digest blob not null, tried integer not null, order_number integer "
    "not null, number integer not null, primary key(digest, tried, order_number, number)) "
    "without rowid",
    "create table deliveries(id integer primary key, number integer not null, order_number "
    "integer not null, endpoint text not null, name text not null, route text not null, after "
    "blob not null, keys blob not null, type text not null, area text not null, accepted integer "
    "not null, state integer not null, attempts integer not null, next_at integer not null, "
    "changed integer not null, last_attempt integer, expected_by integer, receipt blob, error_code "
    "text not null, error_message text not null, certificate blob not null, bearing integer not "
    "null, subject blob not null, reach integer not null, ask_only integer not null, lane integer "
    "not null, began integer not null)",
    "create index deliveries_message on deliveries(number)",
    // Counted by day: what is asked of a day is read in its own part of the index alone.
    "create index deliveries_accepted on deliveries(accepted, area, type, endpoint)",
    "create index deliveries_ready on deliveries(endpoint, route, lane, order_number, id) where "
    "state = 2",
    "create index deliveries_waiting on deliveries(endpoint, accepted, id, state) where state = 1",
    "create index deliveries_sending on deliveries(id) where state = 3",
    "create index deliveries_unknown on deliveries(endpoint, began) where state = 7",
    "create index deliveries_due on deliveries(endpoint, route, lane, next_at) where state between "
    "5 and 7",
    "create index deliveries_urgent on deliveries(endpoint, order_number, id) where lane = 1 and "
    "state in (2, 5, 6, 7)",
    "create index deliveries_open on deliveries(endpoint, expected_by) where state = 5",
    // Delivered, and looked at for a while: its counterpart may still reject it.
    "create index deliveries_watched on deliveries(next_at, endpoint) where state = 4 and "
    "expected_by is not null",
    "create index deliveries_set_aside on deliveries(order_number, id) where state in (11, 12)",
    "create index deliveries_next on deliveries(next_at) where state between 5 and 7",
    "create table counts(endpoint text not null, state integer not null, number integer not null, "
    "primary key(endpoint, state)) without rowid",
    "create table delivery_keys(digest blob not null, endpoint text not null, order_number "
    "integer not null, delivery integer not null, primary key(digest, endpoint, order_number, "
    "delivery)) without rowid",
    "create table correlations(digest blob not null, delivery integer not null, primary "
    "key(digest, delivery)) without rowid",
    "create table verdicts(id integer primary key, digest blob not null, endpoint text not null, "
    "delivery integer, outcome blob not null, received integer not null, correlation blob not "
    "null, "
    "state integer not null)",
    "create index verdicts_digest on verdicts(digest)",
    "create index verdicts_unmatched on verdicts(endpoint, received) where delivery is null and "
    "state = 0",
    "create index verdicts_parked on verdicts(id) where state in (1, 2)",
    "create table trace(number integer not null, id integer not null, at integer not null, step "
    "text not null, outcome text not null, text text not null, took integer not null, primary "
    "key(number, id)) without rowid",
    "create table memory(endpoint text not null, key blob not null, name text not null, value "
    "blob not null, primary key(endpoint, key, name)) without rowid",
    "create table counters(endpoint text not null, counter text not null, next integer not null, "
    "primary key(endpoint, counter)) without rowid",
    "create table counter_uses(endpoint text not null, counter text not null, step_key text not "
    "null, number integer not null, primary key(endpoint, counter, step_key)) without rowid",
    "create table certificates(key blob primary key, version integer not null, base integer not "
    "null, tell integer not null, revision integer not null, changed integer not null, area text "
    "not null, type text not null, ends_on integer, term integer not null, record blob not null) "
    "without rowid",
    "create index certificates_ending on certificates(ends_on) where ends_on is not null and base "
    "in (1, 2)",
    "create index certificates_untreated on certificates(ends_on) where ends_on is not null and "
    "term = 0 and base in (1, 2)",
    "create table linked_sets(id integer primary key, key blob not null unique, policy integer not "
    "null, state integer not null, opened integer not null, changed integer not null, record blob "
    "not null)",
    "create index linked_sets_state on linked_sets(state, opened)",
    "create table linked_members(linked integer not null, side integer not null, key blob not "
    "null, standing integer not null, record blob not null, primary key(linked, side, key)) "
    "without rowid",
    "create index linked_members_key on linked_members(key)",
    "create table step_results(key blob primary key, number integer not null, result blob not "
    "null) without rowid",
    "create table holds(id integer primary key, scope integer not null, name text not null, since "
    "integer not null, held blob not null, released integer, release blob)",
    "create unique index holds_in_force on holds(scope, name) where released is null",
    "create table pauses(endpoint text not null, cause integer not null, since integer not null, "
    "until integer, failures integer not null, probes integer not null, reason text not null, "
    "primary key(endpoint, cause)) without rowid",
    "create table type_lanes(endpoint text not null, type text not null, version integer not null, "
    "cause integer not null, since integer not null, next_probe integer, probes integer not null, "
    "probe integer, reason text not null, primary key(endpoint, type, version)) without rowid",
    "create table type_lane_deliveries(endpoint text not null, type text not null, version integer "
    "not null, delivery integer not null, issues integer not null, primary key(endpoint, type, "
    "version, delivery)) without rowid",
    "create table sends(endpoint text not null, hour integer not null, number integer not null, "
    "primary key(endpoint, hour)) without rowid",
    "create table contents(name blob primary key, bucket text not null, size integer not null) "
    "without rowid",
    "create table content_uses(number integer not null, name blob not null, primary key(number, "
    "name)) without rowid",
    "create index content_uses_name on content_uses(name)",
    "create table actions(id integer primary key, at integer not null, person text not null, role "
    "text not null, operation text not null, target text not null, detail blob not null)",
    "create index actions_target on actions(target, id)",
    "create index actions_person on actions(person, id)",
    "create table replay_jobs(id integer primary key, state integer not null, rate integer not "
    "null, created integer not null, changed integer not null, person text not null, role text not "
    "null, selection text not null, unconfirmed integer not null)",
    "create index replay_jobs_running on replay_jobs(id) where state = 1",
    "create table replay_items(job integer not null, item integer not null, number integer not "
    "null, delivery integer not null, state integer not null, primary key(job, item)) without "
    "rowid",
    "create index replay_items_state on replay_items(job, state, item)",
    "create table reviews(id integer primary key, number integer not null, subject text not null, "
    "step text not null, digest blob not null, state integer not null, asked integer not null, "
    "decided integer, person text not null, reason blob not null)",
    "create unique index reviews_digest on reviews(subject, step, digest)",
    "create index reviews_waiting on reviews(number) where state = 1",
    "create index reviews_state on reviews(state, id)",
};

}  // namespace

void configure_connection(Connection& connection, bool writer) {
  connection.pragma_text("pragma journal_mode = wal");
  connection.checkpoint_by_hand();
  connection.command("pragma temp_store = memory");
  // The machine keeps what is read often. Only a group's own changes must stay until its commit:
  // they would be written twice otherwise.
  connection.command("pragma cache_spill = off");
  connection.command("pragma cell_size_check = on");
  // What the process may hold of the file, whatever its size: the writer's 4 MB and 1 MB for each
  // reader that is at work. Pages that are not held are mostly in the system's cache.
  connection.command(writer ? "pragma cache_size = -4096" : "pragma cache_size = -1024");
  if (!writer) return connection.command("pragma query_only = on");
  connection.pragma("pragma secure_delete = on");  // what was dropped is written over
  connection.command(seeded_fault("synchronous_off") ? "pragma synchronous = off"
                                                     : "pragma synchronous = full");
}

void check_schema(Connection& connection) {
  const std::int64_t version = connection.pragma("pragma user_version");
  if (version > kJournalFormat) {
    throw Failure(Error::fault("journal.newer_format",
                               "the journal has format " + std::to_string(version) +
                                   " and this program knows formats up to " +
                                   std::to_string(kJournalFormat) + "; run the newer program"));
  }
  if (version == 0) {
    throw Failure(Error::fault("journal.damaged", "the database file holds no journal"));
  }
}

void prepare_schema(Connection& connection) {
  const std::int64_t version = connection.pragma("pragma user_version");
  const std::int64_t tables = connection.pragma("select count(*) from sqlite_master");
  if (version == 0 && tables == 0) {
    connection.command("begin immediate");
    for (const char* table : kTables) connection.command(table);
    connection.command("insert into meta(name, value) values ('format', '1')");
    connection.command("pragma user_version = " + std::to_string(kJournalFormat));
    connection.command("commit");
  }
  check_schema(connection);
}

}  // namespace certbridge::host

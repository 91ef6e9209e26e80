#include "journal/queries.h"

#include "journal/reads.h"

namespace certbridge::host {
namespace {

std::string narrowed(bool narrows, const std::string& column, const std::string& parameter) {
  return "and " + (narrows ? column + " = " + parameter : parameter + " is not null") + " ";
}

}  // namespace

std::string message_query(const std::string& rest) {
  return std::string("select ") + kMessageColumns +
         " from messages m join message_contents c on c.number = m.number " + rest;
}
std::string delivery_query(const std::string& rest) {
  return std::string("select ") + kDeliveryColumns +
         " from deliveries d join messages m on m.number = d.number " + rest;
}

const char* const kReadyMessagesQuery =
    "select lane, number, order_number, path from messages where ready = 1 and lane <= ? order by "
    "lane, number limit ?";
const char* const kIncompleteMessagesQuery =
    "select lane, number, order_number, path from messages where state = 2 and lane = ? and "
    "next_at <= ? order by next_at limit ?";

const std::string& one_message_query() {
  static const std::string kQuery = message_query("where m.number = ?");
  return kQuery;
}
const std::string& one_delivery_query() {
  static const std::string kQuery = delivery_query("where d.id = ?");
  return kQuery;
}

const char* const kReadyRouteQuery =
    "select route from deliveries where endpoint = ? and state = 2 and route > ? order by route "
    "limit 1";
const char* const kReadyDeliveriesQuery =
    "select lane, order_number, id from deliveries where endpoint = ? and route = ? and state = 2 "
    "and lane <= ? order by lane, order_number, id limit ?";
const char* const kDueRouteQuery =
    "select route from deliveries where endpoint = ? and state between 5 and 7 and route > ? order "
    "by "
    "route limit 1";
const char* const kDueDeliveriesQuery =
    "select lane, order_number, id from deliveries where endpoint = ? and route = ? and state "
    "between 5 and 7 and lane = ? and next_at <= ? order by next_at limit ?";
const char* const kUrgentDeliveriesQuery =
    "select lane, order_number, id, route from deliveries indexed by deliveries_urgent where "
    "endpoint = ? and lane = 1 and state in (2, 5, 6, 7) and (state = 2 or next_at <= ?) order by "
    "order_number, id";

const char* const kWatchedDeliveriesQuery =
    "select lane, order_number, id, route from deliveries indexed by deliveries_watched where "
    "state = 4 and expected_by is not null and endpoint = ? and next_at <= ? order by next_at";

const char* const kNextMessageQuery =
    "select min(next_at) from (select min(next_at) as next_at from messages where state = 2 and "
    "lane = 1 and next_at > ?1 union all select min(next_at) from messages where state = 2 and "
    "lane = 2 and next_at > ?1 union all select min(next_at) from messages where state = 2 and "
    "lane = 3 and next_at > ?1)";
const char* const kNextDeliveryQuery =
    "select min(next_at) from (select min(next_at) as next_at from deliveries where state between "
    "5 and 7 and next_at > ?1 union all select min(next_at) from deliveries indexed by "
    "deliveries_watched where state = 4 and expected_by is not null and next_at > ?1)";
// Without the hint it would walk the index of all deliveries to an endpoint.
const char* const kSendingQuery =
    "select endpoint, count(*) from deliveries indexed by deliveries_sending where state = 3 group "
    "by endpoint";
const char* const kSendingUnknownQuery =
    "update deliveries set state = 7, next_at = ?1, changed = ?1, last_attempt = ?1 where state = "
    "3";
const char* const kOverdueQuery =
    "select endpoint, count(*) from deliveries where state = 5 and expected_by <= ? group by "
    "endpoint";
const char* const kUnmatchedQuery =
    "select endpoint, count(*), min(received) from verdicts where delivery is null and state = 0 "
    "group by endpoint";
const char* const kCountParkedVerdictsQuery =
    "select endpoint, count(*) from verdicts where state in (1, 2) group by endpoint";
const char* const kUnknownVerdictsQuery =
    "select id from verdicts v where v.delivery is null and v.state = 0 and v.endpoint = ?1 and "
    "v.received <= ?2 and not exists (select 1 from deliveries d indexed by deliveries_sending "
    "where d.state = 3 and d.endpoint = ?1 and d.began <= v.received) and not exists (select 1 "
    "from deliveries d indexed by deliveries_unknown where d.state = 7 and d.endpoint = ?1 and "
    "d.began <= v.received) order by v.received limit 1000";
const char* const kParkedVerdictsQuery =
    "select v.id, v.endpoint, v.digest, v.correlation, v.outcome, v.received, v.state, "
    "m.order_number, m.path, d.name, d.state from verdicts v left join deliveries d on d.id = "
    "v.delivery left join messages m on m.number = d.number where v.state in (1, 2) and v.id > ? "
    "order by v.id limit ?";

const char* const kEarlierMessagesQuery =
    "select k.number from open_keys k join messages m on m.number = k.number where k.digest = ? "
    "and k.tried = ? and k.order_number >= ? and k.order_number < ? and m.lane > 1 limit ?";
const char* const kEarlierDeliveriesQuery =
    "select k.delivery from delivery_keys k join deliveries d on d.id = k.delivery where k.digest "
    "= ? and k.endpoint = ? and k.order_number >= ? and k.order_number < ? and d.lane > 1 limit ?";

const char* const kWaitingEndpointQuery =
    "select endpoint from deliveries where state = 1 and endpoint > ? order by endpoint limit 1";
const char* const kWaitingDeliveriesQuery =
    "select m.order_number, m.path, d.name, d.route, d.keys, d.after, d.accepted from deliveries d "
    "join messages m on m.number = d.number where d.state = 1 and d.endpoint = ? and d.accepted <= "
    "? order by d.accepted, d.id limit ?";
const char* const kCountWaitingDeliveriesQuery =
    "select count(*) from (select 1 from deliveries where state = 1 and endpoint = ? and accepted "
    "<= ? limit ?)";
const char* const kWaitingMessagesQuery =
    "select order_number, path, route, keys, accepted from messages where state = 1 and ready = 0 "
    "and accepted <= ? order by accepted, number limit ?";
const char* const kCountWaitingMessagesQuery =
    "select count(*) from (select 1 from messages where state = 1 and ready = 0 and accepted <= ? "
    "limit ?)";

const char* const kParkedMessagesQuery =
    "select m.order_number, m.path, m.type, m.area, m.route, m.changed, m.attempts, m.error_code, "
    "m.error_message from messages m indexed by messages_parked where m.state = 6 and (?1 = '' "
    "or m.route = ?1) and (?2 = '' "
    "or m.error_code = ?2) and m.changed >= ?3 and m.changed < ?4 and m.number > ?5 order by "
    "m.number limit ?6";
const char* const kParkedDeliveriesQuery =
    "select m.order_number, m.path, d.type, d.area, d.route, d.changed, d.attempts, d.error_code, "
    "d.error_message, d.state, d.id, d.name, d.endpoint, d.receipt is not null from deliveries d "
    "indexed by deliveries_set_aside "
    "join messages m on m.number = d.number where d.state in (11, 12) and (?1 = '' or d.route = "
    "?1) and (?2 = '' or d.error_code = ?2) and d.changed >= ?3 and d.changed < ?4 and "
    "d.order_number > ?5 and (?7 = '' or d.endpoint = ?7) order by d.order_number, d.id limit ?6";

const char* const kCountParkedMessagesQuery =
    "select m.error_code, count(*) from messages m indexed by messages_parked where m.state = "
    "6 and m.classified = 0 and "
    "m.error_code <> 'intake.too_large' and (?1 = '' or m.route = ?1) and (?2 = '' or m.error_code "
    "= ?2) and m.changed >= ?3 and m.changed < ?4 group by m.error_code";
const char* const kCountParkedDeliveriesQuery =
    "select d.state, d.endpoint, d.error_code, d.last_attempt is not null, count(*) from "
    "deliveries d indexed by deliveries_set_aside where d.state in (11, 12) and (?1 = '' or "
    "d.route = ?1) and (?2 = '' or "
    "d.error_code = ?2) and d.changed >= ?3 and d.changed < ?4 and (?5 = '' or d.endpoint = ?5) "
    "group by d.state, d.endpoint, d.error_code, d.last_attempt is not null";
const char* const kRunningReplaysQuery =
    "select id, state, rate, created, changed, person, role, selection, unconfirmed from "
    "replay_jobs where state = 1 order by id";
const char* const kActionsQuery =
    "select id, at, person, role, operation, target, detail from actions where ?1 is not null and "
    "id < ?2 order by id desc limit ?3";
const char* const kActionsOfTargetQuery =
    "select id, at, person, role, operation, target, detail from actions where target = ?1 and id "
    "< ?2 order by id desc limit ?3";
const char* const kActionsOfPersonQuery =
    "select id, at, person, role, operation, target, detail from actions where person = ?1 and id "
    "< ?2 order by id desc limit ?3";

const char* const kReplayJobsQuery =
    "select id, state, rate, created, changed, person, role, selection, unconfirmed from "
    "replay_jobs order by id desc limit ?";
const char* const kReplayJobQuery =
    "select id, state, rate, created, changed, person, role, selection, unconfirmed from "
    "replay_jobs where id = ?";
const char* const kReplayItemsQuery =
    "select i.item, m.order_number, m.path, i.delivery from replay_items i indexed by "
    "replay_items_state join messages m on "
    "m.number = i.number where i.job = ? and i.state = ? order by i.item limit ?";
const char* const kLinkedSetsQuery =
    "select id, policy, state, opened, changed, key, record from linked_sets where opened < ? "
    "order by id limit ?";
const char* const kLinkedSetsOfStateQuery =
    "select id, policy, state, opened, changed, key, record from linked_sets where state = ? and "
    "opened < ? order by opened limit ?";
const char* const kLinkedMembersQuery =
    "select key, standing, record from linked_members where linked = ? order by side, key limit ?";
const char* const kHalfDoneQuery =
    "select count(*), min(opened) from (select opened from linked_sets where state = 1 and opened "
    "< ? order by opened limit ?)";
const char* const kTermsQuery =
    "select version, tell, revision, record, key from certificates where ends_on is not null and "
    "base in (1, 2) and ends_on >= ?1 and ends_on <= ?2 and (?3 = '' or area = ?3) and (?4 = '' or "
    "type = ?4) order by ends_on limit ?5";
const char* const kUntreatedTermsQuery =
    "select version, tell, revision, record, key from certificates where ends_on is not null and "
    "term = 0 and base in (1, 2) and ends_on >= ?1 and ends_on <= ?2 and (?3 = '' or area = ?3) "
    "and (?4 = '' or type = ?4) order by ends_on limit ?5";
const char* const kEndedQuery =
    "select m.number, c.body from messages m join message_contents c on c.number = m.number where "
    "m.state >= 5 and m.state <> 6 and m.ready = 0 and m.changed < ? and not exists (select 1 from "
    "deliveries d where d.number = m.number and d.state in (11, 12)) order by m.changed limit ?";

const char* const kSearchEntriesQuery =
    "select m.number, m.order_number, m.path, m.source, m.type, m.area, m.media_type, "
    "m.classified, m.created, m.accepted, c.record from messages m join message_contents c on "
    "c.number = m.number where m.number between ? and ? order by m.number limit ?";
const char* const kSearchHeadQuery = "select state, accepted from messages where number = ?";

std::string state_condition(MessageState state) {
  std::string equal = "and m.state = " + std::to_string(static_cast<int>(state)) + " ";
  if (state == MessageState::kDone) return equal;
  return equal + "and m.state <> 5 ";
}

std::string search_numbers_query(std::optional<MessageState> state) {
  // Named: without statistics a range of rows looks as good to SQLite as the few of one state.
  const bool indexed = state && *state != MessageState::kDone;
  std::string sql = "select m.number from messages m ";
  if (indexed) sql += "indexed by messages_unfinished ";
  sql += "where m.number between ? and ? ";
  if (state) sql += state_condition(*state);
  return sql + "and m.accepted >= ? and m.accepted < ? order by m.number desc limit ?";
}

std::string facts_query(const FactsQuery& query, const char* columns, const char* tail) {
  std::string sql = std::string("select ") + columns + " from deliveries d ";
  sql += query.order_key ? "join message_keys k on k.number = d.number where k.digest = ?1 "
                         : "where ?1 is not null ";
  sql += narrowed(!query.endpoint.empty(), "d.endpoint", "?2");
  sql += narrowed(!query.area.empty(), "d.area", "?3");
  sql += narrowed(!query.type.empty(), "d.type", "?4");
  return sql + "and d.accepted >= ?5 and d.accepted < ?6 " + tail;
}

std::string overdue_condition(bool narrows) {
  if (!narrows) return "and ?7 is not null ";
  return "and m.number in (select number from deliveries where state = 5 and expected_by <= ?7) ";
}

}  // namespace certbridge::host

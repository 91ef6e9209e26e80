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

const std::string& ready_messages_query() {
  static const std::string kQuery = message_query("where m.ready = 1 order by m.number limit ?");
  return kQuery;
}
const std::string& incomplete_messages_query() {
  static const std::string kQuery =
      message_query("where m.state = 2 and m.next_at <= ? order by m.next_at limit ?");
  return kQuery;
}
const std::string& ready_deliveries_query() {
  static const std::string kQuery =
      delivery_query("where d.endpoint = ? and d.state = 2 order by d.order_number, d.id limit ?");
  return kQuery;
}
const std::string& due_deliveries_query() {
  static const std::string kQuery = delivery_query(
      "where d.endpoint = ? and d.state in (5, 6, 7) and d.next_at <= ? order by d.next_at limit "
      "?");
  return kQuery;
}

const char* const kNextMessageQuery =
    "select min(next_at) from messages where state = 2 and next_at > ?";
const char* const kNextDeliveryQuery =
    "select min(next_at) from deliveries where state in (5, 6, 7) and next_at > ?";
const char* const kOverdueQuery =
    "select endpoint, count(*) from deliveries where state = 5 and expected_by <= ? group by "
    "endpoint";
const char* const kUnmatchedQuery =
    "select endpoint, count(*), min(received) from verdicts where delivery is null group by "
    "endpoint";
const char* const kEndedQuery =
    "select m.number, c.body from messages m join message_contents c on c.number = m.number where "
    "m.state in (5, 7, 8, 9) and m.ready = 0 and m.changed < ? order by m.changed limit ?";

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

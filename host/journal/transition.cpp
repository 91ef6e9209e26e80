#include "journal/change.h"
#include "journal/failure.h"
#include "journal/register.h"
#include "journal/stop_point.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

Error counter_moved(const CounterChange& counter) {
  return Error::permanent("journal.state_changed", "counter " + counter.counter + " of endpoint " +
                                                       counter.endpoint + " has moved on");
}

std::int64_t next_of(Change& change, const CounterChange& counter) {
  return change.connection()
      .number("select next from counters where endpoint = ? and counter = ?", counter.endpoint,
              counter.counter)
      .value_or(1);
}

void write_counter(Change& change, const CounterChange& counter) {
  const auto number = static_cast<std::int64_t>(counter.number);
  const auto used = change.connection().number(
      "select number from counter_uses where endpoint = ? and counter = ? and step_key = ?",
      counter.endpoint, counter.counter, counter.step_key);
  if (used && *used == number) return;
  if (used || next_of(change, counter) != number) throw Failure(counter_moved(counter));
  change.connection().run(
      "insert into counter_uses(endpoint, counter, step_key, number) values (?, ?, ?, ?)",
      counter.endpoint, counter.counter, counter.step_key, number);
  change.connection().run(
      "insert into counters(endpoint, counter, next) values (?, ?, ?) "
      "on conflict(endpoint, counter) do update set next = excluded.next",
      counter.endpoint, counter.counter, number + 1);
}

void write_memory(Change& change, const MemoryChange& memory) {
  const std::string key = memory_key(change.writer.keys, memory.key);
  const std::string place = memory_place(memory.endpoint, key, memory.name);
  const std::string sealed = change.writer.keys.seal(place, memory.value);
  change.connection().run(
      "insert into memory(endpoint, key, name, value) values (?, ?, ?, ?) "
      "on conflict(endpoint, key, name) do update set value = excluded.value",
      memory.endpoint, Blob{key}, memory.name, Blob{sealed});
}

// The message to whose life a step's result is tied: the longest part of its key that is one.
std::int64_t owner_of(Change& change, const std::string& step_key) {
  for (std::size_t end = step_key.size(); end != std::string::npos && end > 0;
       end = step_key.rfind('/', end - 1)) {
    const std::int64_t number = find_message(change.connection(), step_key.substr(0, end));
    if (number != 0) return number;
  }
  return 0;
}

void write_step_result(Change& change, const std::string& step_key,
                       const std::vector<PreparedMessage>& messages) {
  const std::int64_t owner = owner_of(change, step_key);
  const std::string key = change.writer.keys.short_digest("step", step_key);
  const std::string sealed = change.writer.keys.seal(step_place(key), encode_step_result(messages));
  change.connection().run(
      "insert or replace into step_results(key, number, result) values (?, ?, ?)", Blob{key}, owner,
      Blob{sealed});
  for (const PreparedMessage& message : messages) use_contents(change, owner, message);
}

// Its number, source and lane; 0 when there is none.
struct Parent {
  std::int64_t number = 0;
  std::string source{};
  Lane lane = Lane::kLive;
};
Parent read_parent(Change& change, const std::string& id) {
  Parent parent;
  parent.number = find_message(change.connection(), id);
  if (parent.number == 0) return parent;
  Statement& row = change.connection().select(
      "ti", "select source, lane from messages where number = ?", parent.number);
  row.next();
  parent.source = row.text(0);
  parent.lane = static_cast<Lane>(row.integer(1));
  row.reset();
  return parent;
}

// Delivery rows come before any message is let go: otherwise a later message of the same key could
// slip through between the two.
std::vector<std::int64_t> write_children(Change& change, PreparedTransition& prepared) {
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < prepared.children.size(); ++i) {
    const RoutedChild& child = prepared.transition.children[i];
    NewMessage as;
    if (!parse_message_id(child.message.id, as.order_number, as.path) || as.path.empty()) {
      throw Failure(Error::fault("journal.child_id",
                                 "\"" + child.message.id + "\" is not the identifier of a child"));
    }
    Parent parent = read_parent(change, child.message.id.substr(0, child.message.id.rfind('/')));
    if (parent.number == 0) {
      throw Failure(Error::fault("journal.child_id",
                                 "the parent of " + child.message.id + " is not in the journal"));
    }
    as.parent = parent.number;
    as.source = std::move(parent.source);
    as.lane = parent.lane;
    as.route = child.route;
    as.state = MessageState::kRouted;
    as.verdicts = child.gate_verdicts;
    as.ends = child.ends;
    prepared.children[i].error_code = child.error_code;
    prepared.children[i].error_message = child.error_message;
    const std::int64_t number = insert_message(change, prepared.children[i], as);
    for (const PlannedDelivery& planned : child.deliveries)
      insert_delivery(change, number, planned);
    numbers.push_back(number);
  }
  return numbers;
}

bool issues(const Transition& transition) {
  for (const RoutedChild& child : transition.children) {
    for (const PlannedDelivery& planned : child.deliveries) {
      if (planned.collects.version > 0) return true;
    }
  }
  return false;
}

// An earlier message of this key may still enter something. An issue waits only for those that
// themselves wait for their turn: they are about the certificate as it was before.
bool is_earlier_unrouted(Change& change, const std::string& digest, std::int64_t order_number,
                         bool issue) {
  Connection& connection = change.connection();
  if (issue) {
    return connection.exists(
        "select 1 from open_keys k join messages m on m.number = k.number where k.digest = ? and "
        "k.tried = 1 and k.order_number < ? and m.error_code = 'journal.earlier_unrouted' limit 1",
        Blob{digest}, order_number);
  }
  for (const int tried : {0, 1}) {
    if (connection.exists("select 1 from open_keys where digest = ? and tried = ? and "
                          "order_number < ? limit 1",
                          Blob{digest}, tried, order_number)) {
      return true;
    }
  }
  return false;
}

// What happens to a certificate is entered in the order of acceptance, as it is delivered: not
// while an earlier message of one of the keys may still enter something, such as its issue. What
// sets other messages aside does not wait.
void check_turn(Change& change, const Transition& transition,
                const std::vector<std::int64_t>& numbers) {
  if (transition.certificates.empty() || numbers.size() != 1) return;
  if (!transition.delivery_changes.empty()) return;
  Statement& row = change.connection().select(
      "ib", "select order_number, keys from messages where number = ?", numbers.front());
  row.next();
  const std::int64_t order_number = row.integer(0);
  const std::string keys = row.blob(1);
  row.reset();
  const bool issue = issues(transition);
  for (const std::string& digest : split_keys(keys)) {
    if (!is_earlier_unrouted(change, digest, order_number, issue)) continue;
    throw Failure(Error::retryable(
        "journal.earlier_unrouted",
        "an earlier message of the same case, unit or certificate has not run its steps yet"));
  }
}

void evaluate_new(Change& change, std::int64_t number) {
  std::vector<std::int64_t> ids;
  Statement& rows = change.connection().select(
      "i", "select id from deliveries where number = ? and state = 1 order by id", number);
  while (rows.next()) ids.push_back(rows.integer(0));
  for (const std::int64_t id : ids) evaluate_delivery(change, id);
  review_done(change, number);
}

// A row that something else in this transition may have moved on is read again.
void change_deliveries(Change& change, const Transition& transition,
                       const std::vector<DeliveryRow>& rows) {
  const bool alone = rows.size() == 1 && transition.messages.empty() && transition.children.empty();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    change_delivery(change, transition.delivery_changes[i],
                    alone ? rows[i] : read_delivery(change, rows[i].id));
  }
}

// By identifier, of what the transition is about.
using KnownNumbers = std::map<std::string, std::int64_t>;

void write_traces(Change& change, const std::vector<TraceEntry>& entries,
                  const KnownNumbers& known) {
  for (const TraceEntry& entry : entries) {
    const auto found = known.find(entry.message_id);
    std::int64_t number =
        found != known.end() ? found->second : find_message(change.connection(), entry.message_id);
    // What was prepared and refused is no message: why stands with the event that it was made of.
    if (number == 0 && entry.outcome != "ok") number = owner_of(change, entry.message_id);
    if (number != 0) write_trace(change, number, entry);
  }
}

KnownNumbers known_numbers(const Transition& transition, const std::vector<std::int64_t>& numbers,
                           const std::vector<std::int64_t>& children) {
  KnownNumbers known;
  for (std::size_t i = 0; i < numbers.size(); ++i) known[transition.messages[i].id] = numbers[i];
  for (std::size_t i = 0; i < children.size(); ++i) {
    known[transition.children[i].message.id] = children[i];
  }
  return known;
}

}  // namespace

void write_trace(Change& change, std::int64_t number, const TraceEntry& entry) {
  change.connection().run(
      "insert into trace(number, id, at, step, outcome, text, took) values (?1, (select "
      "coalesce(max(id), 0) + 1 from trace where number = ?1), ?2, ?3, ?4, ?5, ?6)",
      number, entry.when.time_since_epoch().count(), entry.step, entry.outcome, entry.text,
      entry.took.count());
}

void apply_transition(Change& change, PreparedTransition& prepared) {
  const Transition& transition = prepared.transition;
  std::vector<std::int64_t> numbers;
  for (const MessageChange& wanted : transition.messages) {
    numbers.push_back(check_message(change, wanted));
  }
  std::vector<DeliveryRow> rows;
  for (const DeliveryChange& wanted : transition.delivery_changes) {
    rows.push_back(check_delivery(change, wanted));
  }
  check_turn(change, transition, numbers);
  if (!transition.deliveries.empty() && numbers.empty()) {
    throw Failure(Error::fault("journal.transition", "deliveries without the message they are of"));
  }
  const std::vector<std::int64_t> children = write_children(change, prepared);
  for (const PlannedDelivery& planned : transition.deliveries) {
    insert_delivery(change, numbers.front(), planned);
  }
  if (change.at_once != nullptr) {
    change.at_once->numbers = {children.begin(), children.end()};
    if (!transition.deliveries.empty()) change.at_once->numbers.insert(numbers.front());
  }
  stop_point("journal.between_rows");
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    change_message(change, numbers[i], transition.messages[i]);
  }
  change_deliveries(change, transition, rows);
  for (const std::int64_t number : children) evaluate_new(change, number);
  for (const std::int64_t number : numbers) evaluate_new(change, number);
  for (const MemoryChange& memory : transition.memory) write_memory(change, memory);
  for (const CounterChange& counter : transition.counters) write_counter(change, counter);
  for (const ReviewAsked& asked : transition.reviews_asked) ask_review(change, asked);
  if (transition.review_decision) decide_review(change, *transition.review_decision);
  if (transition.replay_state) change_replay(change, *transition.replay_state);
  if (transition.replay_progress) move_replay_on(change, *transition.replay_progress);
  for (const std::int64_t id : transition.verdicts_given_up) give_up_verdict(change, id);
  for (const Action& action : transition.actions) write_action(change, action);
  for (const RegisterChange& wanted : transition.certificates) change_certificate(change, wanted);
  for (const LinkedChange& wanted : transition.linked) link(change, wanted);
  if (transition.terms_note) write_terms_note(change, *transition.terms_note);
  for (const TermDecision& decision : transition.terms) decide_term(change, decision);
  for (const auto& [key, messages] : prepared.step_results)
    write_step_result(change, key, messages);
  write_traces(change, transition.trace, known_numbers(transition, numbers, children));
}

}  // namespace certbridge::host

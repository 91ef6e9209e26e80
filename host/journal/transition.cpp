#include <utility>

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

// What a transition has stored anew of one message.
struct Stored {
  std::int64_t number = 0;
  bool waits = false;   // a new delivery of it is to be evaluated
  bool leaves = false;  // one is on its way
};

// The message that a child is of: nearly always the one that the transition is about.
MessageRow read_parent(Change& change, const Transition& transition,
                       const std::vector<MessageRow>& rows, const std::string& child) {
  const std::string id = child.substr(0, child.rfind('/'));
  if (!rows.empty() && transition.messages.front().id == id) return rows.front();
  const std::int64_t number = find_message(change.connection(), id);
  if (number == 0) {
    throw Failure(
        Error::fault("journal.child_id", "the parent of " + child + " is not in the journal"));
  }
  return read_message(change, number);
}

void insert_deliveries(Change& change, const DeliveryOwner& owner,
                       const std::vector<PlannedDelivery>& planned, Stored& stored) {
  for (const PlannedDelivery& one : planned) {
    const bool waits = insert_delivery(change, owner, one);
    stored.waits = stored.waits || waits;
    stored.leaves = stored.leaves || !waits;
  }
}

DeliveryOwner owner_of(const Change& change, std::int64_t number, const NewMessage& as,
                       const PreparedMessage& prepared) {
  DeliveryOwner owner;
  owner.number = number;
  owner.order_number = as.order_number;
  owner.path = as.path;
  owner.keys = prepared.keys;
  owner.type = prepared.message.type;
  owner.area = prepared.message.area;
  owner.accepted = change.now_number();
  owner.lane = as.lane;
  return owner;
}

Stored write_child(Change& change, const RoutedChild& child, PreparedMessage& prepared,
                   const MessageRow& parent) {
  NewMessage as;
  if (!parse_message_id(child.message.id, as.order_number, as.path) || as.path.empty()) {
    throw Failure(Error::fault("journal.child_id",
                               "\"" + child.message.id + "\" is not the identifier of a child"));
  }
  as.parent = parent.number;
  as.source = parent.source;
  as.lane = parent.lane;
  as.route = child.route;
  as.state = MessageState::kRouted;
  as.verdicts = child.gate_verdicts;
  as.ends = child.ends;
  prepared.error_code = child.error_code;
  prepared.error_message = child.error_message;
  Stored stored;
  stored.number = insert_message(change, prepared, as);
  insert_deliveries(change, owner_of(change, stored.number, as, prepared), child.deliveries,
                    stored);
  return stored;
}

// Delivery rows come before any message is let go: otherwise a later message of the same key could
// slip through between the two.
std::vector<Stored> write_children(Change& change, PreparedTransition& prepared,
                                   const std::vector<MessageRow>& rows) {
  std::vector<Stored> stored;
  for (std::size_t i = 0; i < prepared.children.size(); ++i) {
    const RoutedChild& child = prepared.transition.children[i];
    const MessageRow parent = read_parent(change, prepared.transition, rows, child.message.id);
    stored.push_back(write_child(change, child, prepared.children[i], parent));
  }
  return stored;
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
void check_turn(Change& change, const Transition& transition, const std::vector<MessageRow>& rows) {
  if (transition.certificates.empty() || rows.size() != 1) return;
  if (!transition.delivery_changes.empty()) return;
  const bool issue = issues(transition);
  for (const std::string& digest : split_keys(rows.front().keys)) {
    if (!is_earlier_unrouted(change, digest, rows.front().order_number, issue)) continue;
    throw Failure(Error::retryable(
        "journal.earlier_unrouted",
        "an earlier message of the same case, unit or certificate has not run its steps yet"));
  }
}

// Of what is on its way something is left to do, so nothing is over.
void evaluate_new(Change& change, const Stored& stored) {
  if (stored.leaves && !stored.waits) return;
  std::vector<std::int64_t> ids;
  Statement& rows = change.connection().select(
      "i", "select id from deliveries where number = ? and state = 1 order by id", stored.number);
  while (rows.next()) ids.push_back(rows.integer(0));
  for (const std::int64_t id : ids) evaluate_delivery(change, id);
  review_done(change, stored.number);
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

KnownNumbers known_numbers(const Transition& transition, const std::vector<MessageRow>& messages,
                           const std::vector<Stored>& children) {
  KnownNumbers known;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    known[transition.messages[i].id] = messages[i].number;
  }
  for (std::size_t i = 0; i < children.size(); ++i) {
    known[transition.children[i].message.id] = children[i].number;
  }
  return known;
}

std::vector<MessageRow> check_messages(Change& change, const Transition& transition) {
  std::vector<MessageRow> rows;
  for (const MessageChange& wanted : transition.messages) {
    rows.push_back(check_message(change, wanted));
  }
  if (!transition.deliveries.empty() && rows.empty()) {
    throw Failure(Error::fault("journal.transition", "deliveries without the message they are of"));
  }
  return rows;
}

// What came before in the transition may have moved a message on: it is read again, but for the
// first, which nothing else is about.
void change_messages(Change& change, const Transition& transition,
                     const std::vector<MessageRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    change_message(change, i == 0 ? rows[i] : read_message(change, rows[i].number),
                   transition.messages[i]);
  }
}

void write_marks(Change& change, const Transition& transition) {
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
  const std::vector<MessageRow> messages = check_messages(change, transition);
  std::vector<DeliveryRow> rows;
  for (const DeliveryChange& wanted : transition.delivery_changes) {
    rows.push_back(check_delivery(change, wanted));
  }
  check_turn(change, transition, messages);
  const std::vector<Stored> children = write_children(change, prepared, messages);
  Stored first;
  if (!transition.deliveries.empty()) {
    insert_deliveries(change, read_owner(change, messages.front().number), transition.deliveries,
                      first);
  }
  stop_point("journal.between_rows");
  change_messages(change, transition, messages);
  change_deliveries(change, transition, rows);
  for (const Stored& child : children) {
    evaluate_new(change, child);
    first.leaves = first.leaves || child.leaves;
  }
  for (const MessageRow& message : messages) {
    first.number = message.number;
    evaluate_new(change, std::exchange(first, {}));
  }
  write_marks(change, transition);
  for (const auto& [key, made] : prepared.step_results) write_step_result(change, key, made);
  write_traces(change, transition.trace, known_numbers(transition, messages, children));
}

}  // namespace certbridge::host

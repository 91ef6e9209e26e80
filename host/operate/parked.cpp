// Looking at what is parked, and giving it up.
#include "engine/reading.h"
#include "operate/operation_lists.h"
#include "operate/parked_parts.h"
#include "operate/parts.h"
#include "operate/shown_headers.h"

namespace certbridge::host {
namespace {

std::string case_of(Store& store, const std::string& message_id) {
  const auto stored = store.message(message_id);
  if (!stored) return {};
  return header_of(stored.value().message, "case-no");
}

AnswerTable header_table(const OperationCall& call, const StoredMessage& stored) {
  AnswerTable table{"headers", {"header", "value", "repairable"}, {}};
  const std::vector<std::string> repairable =
      repairable_headers(call.services.configuration, stored.source);
  for (const auto& [name, value] : stored.message.headers) {
    const bool may = std::find(repairable.begin(), repairable.end(), name) != repairable.end();
    table.rows.push_back({name, may_be_shown(name) ? value : masked(value), may});
  }
  return table;
}

AnswerTable delivery_table(const std::vector<StoredDelivery>& deliveries) {
  AnswerTable table{"deliveries",
                    {"delivery", "endpoint", "lane", "state", "attempts", "receipt", "code",
                     "reason", "waits for"},
                    {}};
  for (const StoredDelivery& one : deliveries) {
    table.rows.push_back({one.name, one.endpoint, to_text(one.lane), to_text(one.state),
                          static_cast<std::int64_t>(one.attempts),
                          one.receipt ? one.receipt->remote_id : std::string(), one.error_code,
                          one.error_message, one.waits_for});
  }
  return table;
}

std::string what_may_be_done(const StoredMessage& stored, bool parked_delivery, bool refetch) {
  if (refetch) return "refetch, replay, discard";
  if (stored.state == MessageState::kParked) {
    if (is_refused_by_source(stored) && may_run_anew(stored, true)) {
      return "discard; refetch, remap, repair with unchecked=yes";
    }
    const bool runs = may_run_anew(stored).ok();
    return runs ? "refetch, remap, repair, discard, replay" : "discard";
  }
  return parked_delivery ? "replay, discard" : "nothing: it is not parked";
}

void put_message(const StoredMessage& stored, OperationAnswer& answer) {
  answer.values = {{"message", stored.message.id},
                   {"type", stored.message.type},
                   {"state", to_text(stored.state)},
                   {"source", stored.source},
                   {"route", stored.route},
                   {"lane", to_text(stored.lane)},
                   {"area", stored.message.area},
                   {"accepted", time_field(stored.message.created)},
                   {"changed", time_field(stored.changed)},
                   {"attempts", static_cast<std::int64_t>(stored.attempts)},
                   {"code", stored.error_code},
                   {"reason", stored.error_message},
                   {"original", stored.parent}};
}

// The parked deliveries of a message, or that of this name.
Result<std::vector<StoredDelivery>> parked_deliveries(const OperationCall& call,
                                                      const std::string& name) {
  auto all = call.services.store.deliveries(call.text("message"));
  if (!all) return all.error();
  std::vector<StoredDelivery> found;
  for (StoredDelivery& one : all.value()) {
    if (is_set_aside(one.state) && (name.empty() || one.name == name)) {
      found.push_back(std::move(one));
    }
  }
  if (found.empty()) return not_parked(call.text("message"), name);
  return found;
}

Transition discard_message(const OperationCall& call, const StoredMessage& stored) {
  Transition transition;
  MessageChange change;
  change.id = stored.message.id;
  change.expected = {MessageState::kParked};
  change.state = MessageState::kDiscarded;
  change.attempts = stored.attempts;
  change.error_code = stored.error_code;
  change.error_message = stored.error_message;
  transition.messages.push_back(std::move(change));
  transition.actions.push_back(action_of(call, "parked discard", stored.message.id, ""));
  return transition;
}

Transition discard_deliveries(const OperationCall& call,
                              const std::vector<StoredDelivery>& deliveries) {
  Transition transition;
  for (const StoredDelivery& one : deliveries) {
    DeliveryChange change;
    change.id = one.id;
    change.expected = {one.state};
    change.state = DeliveryState::kDiscarded;
    change.attempts = one.attempts;
    change.error_code = one.error_code;
    change.error_message = one.error_message;
    transition.delivery_changes.push_back(std::move(change));
    transition.actions.push_back(
        action_of(call, "parked discard", one.message_id, "delivery " + one.name));
  }
  return transition;
}

}  // namespace

Error not_parked(const std::string& message, const std::string& delivery) {
  return Error::permanent("parked.not_parked",
                          message + (delivery.empty() ? "" : ", delivery " + delivery) +
                              ": nothing of it is parked; `parked list` shows what is");
}

bool is_set_aside(DeliveryState state) {
  return state == DeliveryState::kParked || state == DeliveryState::kRepair;
}

namespace {

Result<OperationAnswer> list_parked(const OperationCall& call) {
  const auto found = call.services.store.desk().parked(parked_query(call));
  if (!found) return found.error();
  if (auto known = check_names(call); found.value().empty() && !known) return known.error();
  OperationAnswer answer;
  AnswerTable table{"parked",
                    {"message", "kind", "delivery", "endpoint", "route", "type", "area", "case",
                     "parked", "attempts", "code", "reason"},
                    {}};
  for (const ParkedItem& item : found.value()) {
    table.rows.push_back(
        {item.message_id, to_text(item.kind), item.delivery, item.endpoint, item.route, item.type,
         item.area, case_of(call.services.store, item.message_id), time_field(item.changed),
         static_cast<std::int64_t>(item.attempts), item.error_code, item.error_message});
  }
  answer.tables.push_back(std::move(table));
  return answer;
}

Result<OperationAnswer> show_parked(const OperationCall& call) {
  Store& store = call.services.store;
  const auto stored = store.message(call.text("message"));
  if (!stored) return stored.error();
  const auto deliveries = store.deliveries(stored.value().message.id);
  if (!deliveries) return deliveries.error();
  const auto trace = store.trace(stored.value().message.id);
  if (!trace) return trace.error();
  ActionQuery query;
  query.target = stored.value().message.id;
  const auto actions = store.desk().actions(query);
  if (!actions) return actions.error();
  const bool parked_delivery =
      std::any_of(deliveries.value().begin(), deliveries.value().end(),
                  [](const StoredDelivery& one) { return is_set_aside(one.state); });
  const auto original = made_of(call, stored.value().message.id);
  const bool refetch = original && original.value();
  OperationAnswer answer;
  put_message(stored.value(), answer);
  answer.values.emplace_back("may be done",
                             what_may_be_done(stored.value(), parked_delivery, refetch));
  answer.tables = {header_table(call, stored.value()), delivery_table(deliveries.value()),
                   trace_table(trace.value()), action_table(actions.value())};
  return answer;
}

Result<OperationAnswer> discard_parked(const OperationCall& call) {
  Store& store = call.services.store;
  const std::string name = call.text("delivery");
  const auto stored = store.message(call.text("message"));
  if (!stored) return stored.error();
  Transition transition;
  std::int64_t count = 1;
  if (stored.value().state == MessageState::kParked && name.empty()) {
    transition = discard_message(call, stored.value());
  } else {
    const auto deliveries = parked_deliveries(call, name);
    if (!deliveries) return deliveries.error();
    count = static_cast<std::int64_t>(deliveries.value().size());
    transition = discard_deliveries(call, deliveries.value());
  }
  transition.trace.push_back({stored.value().message.id,
                              call.services.clock.now(),
                              "discard",
                              "ok",
                              "by " + call.actor.person + (name.empty() ? "" : ": " + name),
                              {}});
  if (auto applied = store.apply(std::move(transition)); !applied) return applied.error();
  OperationAnswer answer;
  answer.values = {{"message", stored.value().message.id}, {"discarded", count}};
  return answer;
}

constexpr Parameter kDelivery{"delivery", ParameterType::kText, false, false,
                              "name of one delivery of it, where only that one is meant"};

}  // namespace

std::vector<Operation> parked_operations() {
  return {
      {"parked",
       "list",
       Effect::kReads,
       kLookers,
       "messages and deliveries that wait for a person",
       {kEndpoint, kRoute, kCode, kFrom, kUntil, kLimit},
       &list_parked},
      {"parked",
       "show",
       Effect::kReads,
       kLookers,
       "one of them with its reason, its history and what may be done",
       {kMessage},
       &show_parked},
      {"parked",
       "discard",
       Effect::kChanges,
       kOperators,
       "give it up for good",
       {kMessage, kDelivery, kReason},
       &discard_parked},
  };
}

}  // namespace certbridge::host

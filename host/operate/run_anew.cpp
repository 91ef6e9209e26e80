// Parked messages that a person lets run again from their first step. What a certificate says is
// never edited here: the record is read again, prepared again, or only sent another way.
#include <functional>
#include <set>
#include <thread>

#include "engine/made_again.h"
#include "operate/operation_lists.h"
#include "operate/parked_parts.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kStandardWait = 10;
constexpr std::int64_t kLongestWait = 60;
constexpr std::chrono::milliseconds kLook{20};
constexpr std::size_t kLongestHeader = 200;

void collect_repairable(const Configuration& configuration, const std::vector<Step>& steps,
                        std::set<std::string>& into) {
  for (const Step& step : steps) {
    for (const EndpointConfig& endpoint : configuration.endpoints) {
      if (endpoint.name != step.endpoint) continue;
      into.insert(endpoint.repairable.begin(), endpoint.repairable.end());
    }
    for (const Branch& branch : step.branches) {
      collect_repairable(configuration, branch.steps, into);
    }
  }
}

bool is_on_its_way(MessageState state) { return state == MessageState::kAccepted; }

// What came of it, as far as it comes in time.
Result<OperationAnswer> outcome_of(const OperationCall& call, const std::string& id) {
  Store& store = call.services.store;
  const auto wait = std::min(call.number("wait", kStandardWait), kLongestWait);
  const auto until = call.services.clock.steady() + std::chrono::seconds(wait);
  auto stored = store.message(id);
  while (stored && is_on_its_way(stored.value().state) && !call.services.stop.stop_requested() &&
         call.services.clock.steady() < until) {
    std::this_thread::sleep_for(kLook);
    stored = store.message(id);
  }
  if (!stored) return stored.error();
  OperationAnswer answer;
  answer.values = {{"message", id}, {"state", to_text(stored.value().state)}};
  if (!stored.value().error_code.empty()) {
    answer.values.emplace_back("code", stored.value().error_code);
    answer.values.emplace_back("reason", stored.value().error_message);
  }
  const auto trace = store.trace(id);
  if (!trace) return trace.error();
  for (auto entry = trace.value().rbegin(); entry != trace.value().rend(); ++entry) {
    if (entry->step == "run anew") break;  // nothing was read since
    if (entry->step != "read again") continue;
    answer.values.emplace_back("read again", entry->outcome);
    answer.values.emplace_back("difference", entry->text);
    break;
  }
  return answer;
}

Result<OperationAnswer> apply_anew(const OperationCall& call, const std::string& operation,
                                   const std::string& detail, MessageChange change) {
  const std::string id = change.id;
  Transition transition;
  transition.messages.push_back(std::move(change));
  transition.actions.push_back(action_of(call, operation, id, detail));
  transition.trace.push_back({id,
                              call.services.clock.now(),
                              "run anew",
                              "ok",
                              operation + " by " + call.actor.person,
                              {}});
  if (auto applied = call.services.store.apply(std::move(transition)); !applied) {
    return applied.error();
  }
  return outcome_of(call, id);
}

Result<OperationAnswer> run_anew(
    const OperationCall& call, const std::string& operation, const std::string& detail,
    const std::function<Result<void>(const StoredMessage& stored, MessageChange& change)>& mend) {
  Store& store = call.services.store;
  const auto stored = store.message(call.text("message"));
  if (!stored) return stored.error();
  if (auto may = may_run_anew(stored.value(), call.flag("unchecked")); !may) return may.error();
  MessageChange change = running_anew(stored.value());
  if (auto mended = mend(stored.value(), change); !mended) return mended.error();
  return apply_anew(call, operation, detail, std::move(change));
}

MessageChange reading_again(const StoredMessage& original) {
  MessageChange change = running_anew(original);
  change.expected = {MessageState::kRouted, MessageState::kDone, MessageState::kParked};
  return change;
}

Result<void> as_it_is(const StoredMessage&, MessageChange&) { return {}; }

// What was made of the original and refused; whoever corrected nothing is told that nothing goes.
Result<OperationAnswer> make_again(const OperationCall& call, const StoredMessage& original) {
  Store& store = call.services.store;
  const std::string id = original.message.id;
  const auto before = store.children(id);
  if (!before) return before.error();
  auto answer =
      apply_anew(call, "parked refetch", "for " + call.text("message"), reading_again(original));
  const auto now = store.message(id);
  const auto after = store.children(id);
  if (!answer || !now || !after) return answer;
  const MessageState state = now.value().state;
  const bool ended = state == MessageState::kRouted || state == MessageState::kDone;
  if (ended && before.value().size() == after.value().size()) {
    answer.value().values.emplace_back(
        "sent", "nothing: its source says what it said before; correct it there and do this again");
  }
  return answer;
}

}  // namespace

std::vector<std::string> repairable_headers(const Configuration& configuration,
                                            const std::string& source) {
  std::set<std::string> headers;
  for (const EndpointConfig& endpoint : configuration.endpoints) {
    if (endpoint.name == source) {
      headers.insert(endpoint.repairable.begin(), endpoint.repairable.end());
    }
  }
  for (const RouteConfig& route : configuration.routes) {
    if (std::find(route.from.begin(), route.from.end(), source) == route.from.end()) continue;
    collect_repairable(configuration, route.steps, headers);
  }
  return {headers.begin(), headers.end()};
}

bool is_refused_by_source(const StoredMessage& stored) {
  return stored.state == MessageState::kParked && stored.parent.empty() && stored.attempts == 0 &&
         !stored.ran_before;
}

Result<void> may_run_anew(const StoredMessage& stored, bool unchecked) {
  if (stored.state != MessageState::kParked) {
    if (stored.parent.empty()) return not_parked(stored.message.id, "");
    return Error::permanent(
        "parked.prepared",
        stored.message.id +
            " is prepared, and at most a delivery of it is parked: `replay` sends the same again. "
            "What is wrong in a sealed file the registration system corrects with a new revision; "
            "what was refused and has no seal, as a booking, `parked refetch` reads again");
  }
  if (stored.message.classified) {
    return Error::permanent("parked.classified",
                            "only the fact of it is kept: it is carried by hand");
  }
  if (stored.error_code == "intake.too_large") {
    return Error::permanent("parked.no_content",
                            "its content was too large and is not kept: its source hands it over "
                            "again once <journal largest-message> allows it");
  }
  if (is_refused_by_source(stored) && !unchecked) {
    return Error::permanent(
        "parked.unchecked",
        "its source refused it, and reads nothing again: whoever sent it corrects it and sends it "
        "again, then discard this one. Where the configuration was wrong and is mended, say "
        "unchecked=yes: what was kept goes on as it is, and you answer for it");
  }
  return {};
}

MessageChange running_anew(const StoredMessage& stored) {
  MessageChange change;
  change.id = stored.message.id;
  change.expected = {MessageState::kParked};
  change.state = MessageState::kAccepted;
  change.attempts = stored.attempts;
  change.anew = true;
  return change;
}

Result<std::optional<StoredMessage>> made_of(const OperationCall& call, const std::string& id) {
  Store& store = call.services.store;
  const auto stored = store.message(id);
  if (!stored) return stored.error();
  if (stored.value().parent.empty()) return std::optional<StoredMessage>();
  const auto deliveries = store.deliveries(id);
  if (!deliveries) return deliveries.error();
  const bool refused =
      std::any_of(deliveries.value().begin(), deliveries.value().end(), &is_refused);
  const auto& routes = call.services.configuration.routes;
  const auto route = std::find_if(routes.begin(), routes.end(), [&](const RouteConfig& one) {
    return one.name == stored.value().route;
  });
  if (!refused || route == routes.end() || !can_be_made_again(route->steps)) {
    return std::optional<StoredMessage>();
  }
  auto original = store.message(stored.value().parent);
  if (!original) return original.error();
  return std::optional(std::move(original).value());
}

namespace {

Result<OperationAnswer> refetch_parked(const OperationCall& call) {
  const auto original = made_of(call, call.text("message"));
  if (!original) return original.error();
  if (original.value()) return make_again(call, *original.value());
  return run_anew(call, "parked refetch", "", &as_it_is);
}

Result<OperationAnswer> remap_parked(const OperationCall& call) {
  return run_anew(call, "parked remap", "", &as_it_is);
}

Result<OperationAnswer> repair_parked(const OperationCall& call) {
  const std::string header = call.text("header");
  const std::string value = call.text("value");
  if (value.size() > kLongestHeader) {
    return Error::permanent("operate.parameter", "`value` is longer than 200 bytes");
  }
  const auto set = [&](const StoredMessage& stored, MessageChange& change) -> Result<void> {
    const auto may = repairable_headers(call.services.configuration, stored.source);
    if (std::find(may.begin(), may.end(), header) == may.end()) {
      return Error::permanent("parked.not_repairable",
                              "no plugin's manifest calls this header of it repairable: what a "
                              "record says is corrected where it is kept");
    }
    change.headers = stored.message.headers;
    (*change.headers)[header] = value;
    return {};
  };
  return run_anew(call, "parked repair", header + " = " + value, set);
}

constexpr Parameter kWait{"wait", ParameterType::kNumber, false, false,
                          "seconds to wait for what comes of it (10)"};
constexpr Parameter kUnchecked{
    "unchecked", ParameterType::kFlag, false, false,
    "yes: of what its source refused, as it was kept; you answer for it"};

}  // namespace

std::vector<Operation> run_anew_operations() {
  return {
      {"parked",
       "refetch",
       Effect::kChanges,
       kOperators,
       "the record was corrected at its source: read it again",
       {kMessage, kUnchecked, kReason, kWait},
       &refetch_parked},
      {"parked",
       "remap",
       Effect::kChanges,
       kOperators,
       "a code table or route was mended: prepare it again",
       {kMessage, kUnchecked, kReason, kWait},
       &remap_parked},
      {"parked",
       "repair",
       Effect::kChanges,
       kOperators,
       "set a routing header that a plugin's manifest calls repairable, and run it again",
       {kMessage,
        {"header", ParameterType::kText, true, false, "name of the header"},
        {"value", ParameterType::kText, true, false, "what it should be"},
        kUnchecked,
        kReason,
        kWait},
       &repair_parked},
  };
}

}  // namespace certbridge::host

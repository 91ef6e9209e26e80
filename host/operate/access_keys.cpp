// Keys of what is recorded of a holder: one security administrator asks that they be destroyed,
// another confirms it. The request is an access record itself, sealed as all that is personal is,
// so that it is there after a restart, and unreadable too once the keys are gone.
#include "access/policy/operator_access.h"
#include "objections/objections.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kConfirmWithin{7 * 24};
constexpr const char* kRequested = "requested";

Error no_access_log() {
  return Error::permanent("access.none", "this host records no accesses: there are no keys");
}

AccessRecord record_of(const OperationCall& call, const std::string& holder) {
  AccessRecord record;
  record.kind = AccessKind::kKeysDestroyed;
  record.trace_id = "operation";
  record.system = kHostItself;
  record.person = call.actor.person;
  record.role = call.actor.role;
  record.purpose = call.text("reason");
  record.holder = holder;
  record.asked = record.decided = call.services.clock.now();
  return record;
}

Error refused_request(const char* code, const std::string& message) {
  return Error::permanent(code, message);
}

// The request, when this person may confirm it now.
Result<AccessRecord> request_to_confirm(const OperationCall& call) {
  const auto read =
      call.services.access_keys->record(static_cast<std::uint64_t>(call.number("request", 0)));
  if (!read) return read.error();
  const AccessRecord& request = read.value().record;
  if (request.kind != AccessKind::kKeysDestroyed || request.result != kRequested) {
    return refused_request("keys.no_request", "that record asks for no destruction of keys");
  }
  if (read.value().about_is_gone) {
    return refused_request("keys.already_destroyed", "the keys are destroyed already");
  }
  if (read.value().who_is_gone || request.person == call.actor.person) {
    return refused_request("keys.second_person",
                           "it takes a second person: whoever asked cannot confirm");
  }
  if (call.services.clock.now() - read.value().written >= kConfirmWithin) {
    return refused_request("keys.too_late", "it was asked more than seven days ago: ask again");
  }
  return request;
}

Result<void> note_action(const OperationCall& call, const std::string& operation,
                         std::uint64_t request, const std::string& detail) {
  Transition transition;
  transition.actions.push_back(
      action_of(call, operation, "access record " + std::to_string(request), detail));
  if (auto applied = call.services.store.apply(std::move(transition)); !applied) {
    return applied.error();
  }
  return {};
}

Result<OperationAnswer> request_key_destruction(const OperationCall& call) {
  if (call.services.access_keys == nullptr) return no_access_log();
  AccessRecord record = record_of(call, call.text("holder"));
  record.decision = AccessDecision::kDenied;
  record.code = "keys.second_person";  // until another one confirms
  record.result = kRequested;
  const auto place = call.services.access_keys->append(record);
  if (!place) return place.error();
  const std::uint64_t number = place.value().number;
  if (auto noted = note_action(call, "access destroy-keys", number, ""); !noted) {
    return noted.error();
  }
  OperationAnswer answer;
  answer.values = {{"request", count_field(number)}};
  return answer;
}

Result<OperationAnswer> confirm_key_destruction(const OperationCall& call) {
  if (call.services.access_keys == nullptr) return no_access_log();
  const auto request = request_to_confirm(call);
  if (!request) return request.error();
  const auto number = static_cast<std::uint64_t>(call.number("request", 0));
  AccessRecord why = record_of(call, {});
  why.code = "keys.confirmed";
  why.refers_to = number;
  const auto destroyed = call.services.access_keys->destroy_personal(request.value().holder, why);
  if (!destroyed) return destroyed.error();
  if (call.services.objections != nullptr) {
    call.services.objections->forget(request.value().holder);
  }
  if (auto noted = note_action(call, "access confirm-destruction", number,
                               std::to_string(destroyed.value()) + " records");
      !noted) {
    return noted.error();
  }
  OperationAnswer answer;
  answer.values = {{"records", count_field(destroyed.value())}};
  return answer;
}

const std::vector<Role> kSecurity{Role::kSecurityAdministrator};

}  // namespace

std::vector<Operation> access_key_operations() {
  return {
      {"access",
       "destroy-keys",
       Effect::kChanges,
       kSecurity,
       "ask that what is recorded of a holder be made unreadable for ever; a second person "
       "confirms",
       {{"holder", ParameterType::kText, true, false, "his identifier", true}, kReason},
       &request_key_destruction},
      {"access",
       "confirm-destruction",
       Effect::kChanges,
       kSecurity,
       "another security administrator confirms: the keys are destroyed now",
       {{"request", ParameterType::kNumber, true, true,
         "the record that `access destroy-keys` gave"},
        kReason},
       &confirm_key_destruction},
  };
}

}  // namespace certbridge::host

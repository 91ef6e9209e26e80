// Objections and complaints before a reviewer (articles 16 and 20 of the measures). What he does is
// an access record, as what raised them was.
#include "objections/objections.h"

#include "access/policy/decision.h"
#include "objections/objection_records.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

// Of records of what people do to the host itself: no calling system and no ground is behind them.
constexpr const char* kHere = "operate";

std::string objection_target(const Objection& it) {
  return to_text(it.kind) + " " + std::to_string(it.number);
}

Result<Objections*> objections_of(const OperationCall& call) {
  if (call.services.objections != nullptr) return call.services.objections;
  return Error::permanent("objection.none_here",
                          "objections are with the running host, where it has <access>: start it "
                          "with `certbridge run`");
}

// Of the kind that the operation is for: a complaint is no objection of that number.
Result<Objection> wanted_of(const OperationCall& call, ObjectionKind kind) {
  const auto objections = objections_of(call);
  if (!objections) return objections.error();
  auto found =
      objections.value()->find(static_cast<std::uint64_t>(call.number(to_text(kind).c_str(), 0)));
  if (!found) return found.error();
  if (found.value().kind == kind) return found;
  return Error::permanent("objection.unknown", "there is no " + to_text(kind) + " of this number");
}

// Who does it and why; what it is about is filled in where it is appended.
AccessRecord step_record(const OperationCall& call, std::vector<StatedText> stated) {
  AccessRequest request;
  request.kind = AccessKind::kObjectionStep;
  request.caller.system = kHere;
  request.caller.person = AssertedPerson{kHere, call.actor.person, {}, {call.actor.role}, {}, {}};
  request.role = call.actor.role;
  request.purpose = kHere;
  request.when = call.services.clock.now();
  request.statements = std::move(stated);
  AccessRecord record;
  record.system = kHere;
  record.person = call.actor.person;
  record.role = call.actor.role;
  record.purpose = kHere;
  record.decision = AccessDecision::kAllowed;
  record.code = "allowed";
  record.inputs = write_inputs(request, {});
  record.asked = record.decided = request.when;
  return record;
}

Field time_or_nothing(const std::optional<Timestamp>& when) {
  return when ? time_field(*when) : Field("");
}

void put_objection(const Objection& it, Timestamp now, OperationAnswer& answer) {
  answer.values = {{to_text(it.kind), count_field(it.number)},
                   {"state", to_text(it.state)},
                   {"overdue", it.is_overdue(now)},
                   {"raised", time_field(it.raised)},
                   {"due", time_field(it.due)},
                   {"ended", time_or_nothing(it.ended)},
                   {"reviewer", it.reviewer},
                   {"type", it.type},
                   {"issuer", it.issuer},
                   {"by unit", it.raiser.unit},
                   {"demanded by", it.demanded_by}};
}

Result<OperationAnswer> list_kind(const OperationCall& call, ObjectionKind kind) {
  const auto objections = objections_of(call);
  if (!objections) return objections.error();
  ObjectionFilter filter;
  filter.kind = kind;
  filter.unit = call.text("unit");
  filter.only_overdue = call.flag("overdue");
  filter.limit = limit_of(call);
  const std::string state = call.text("state");
  filter.every_state = state == "all";
  if (!state.empty() && state != "all" && state != "open") {
    filter.state = objection_state(state);
    if (!filter.state) {
      return Error::permanent("operate.parameter",
                              "`state` must be open, all, or a state as `taken`");
    }
  }
  const auto found = objections.value()->list(filter);
  if (!found) return found.error();
  AnswerTable table{to_text(kind) + "s",
                    {to_text(kind), "state", "overdue", "raised", "due", "reviewer", "type",
                     "issuer", "by unit", "demanded by"},
                    {}};
  const Timestamp now = call.services.clock.now();
  for (const Objection& it : found.value()) {
    table.rows.push_back({count_field(it.number), to_text(it.state), it.is_overdue(now),
                          time_field(it.raised), time_field(it.due), it.reviewer, it.type,
                          it.issuer, it.raiser.unit, it.demanded_by});
  }
  OperationAnswer answer;
  answer.tables.push_back(std::move(table));
  return answer;
}

// Who did it stands in the list of actions too, with what others do to the host.
Result<void> note_action(const OperationCall& call, const char* verb, const Objection& it) {
  Transition transition;
  transition.actions.push_back(
      action_of(call, to_text(it.kind) + "s " + verb, objection_target(it), to_text(it.state)));
  return call.services.store.apply(std::move(transition));
}

AnswerTable written_in(const AccessRecord& record, const Objection& it) {
  AnswerTable table{"written", {"what", "text"}, {}};
  const auto add = [&](const char* what, const std::string& text) {
    if (!text.empty()) table.rows.push_back({what, text});
  };
  add("certificate", it.number_of);
  add("identifier", it.identifier);
  for (const std::string& field : it.fields) add("field", field);
  add("text", statement_in(statements_of(record), objection_words::kText));
  add("raised by", it.raiser.person);
  add("on the ground", record.ground_kind + (record.ground.empty() ? "" : " " + record.ground));
  if (record.refers_to > 0) add("access record", std::to_string(record.refers_to));
  return table;
}

AnswerTable steps_of(const std::vector<AccessRecord>& steps) {
  AnswerTable table{"steps", {"state", "when", "person", "reason", "version", "number"}, {}};
  for (const AccessRecord& step : steps) {
    const auto stated = statements_of(step);
    table.rows.push_back({step.result, time_field(step.asked), step.person,
                          statement_in(stated, objection_words::kReason),
                          statement_in(stated, objection_words::kVersion),
                          statement_in(stated, objection_words::kNumber)});
  }
  return table;
}

// What was written is shown as it is: that it was looked at is on record before it leaves.
Result<OperationAnswer> show_kind(const OperationCall& call, ObjectionKind kind) {
  const auto found = wanted_of(call, kind);
  if (!found) return found.error();
  Objections& objections = *call.services.objections;
  const auto records = objections.records_of(found.value());
  if (!records) return records.error();
  const auto noted = objections.note_shown(found.value().number, step_record(call, {}));
  if (!noted) return noted.error();
  if (auto action = note_action(call, "show", found.value()); !action) return action.error();
  OperationAnswer answer;
  put_objection(found.value(), call.services.clock.now(), answer);
  answer.tables = {written_in(records.value().raised, found.value()),
                   steps_of(records.value().steps)};
  return answer;
}

Result<OperationAnswer> do_step(const OperationCall& call, ObjectionKind kind, ObjectionStep step,
                                const char* verb) {
  const auto found = wanted_of(call, kind);
  if (!found) return found.error();
  std::vector<StatedText> stated{{objection_words::kReason, call.text("reason")}};
  for (const char* name : {objection_words::kVersion, objection_words::kNumber}) {
    if (!call.text(name).empty()) stated.push_back({name, call.text(name)});
  }
  if (step == ObjectionStep::kCorrect && stated.size() == 1) {
    return Error::permanent("operate.parameter",
                            "give `version` or `number` of what replaces the certificate");
  }
  const auto after = call.services.objections->take_step(found.value().number, step,
                                                         step_record(call, std::move(stated)));
  if (!after) return after.error();
  if (auto action = note_action(call, verb, after.value()); !action) return action.error();
  OperationAnswer answer;
  put_objection(after.value(), call.services.clock.now(), answer);
  return answer;
}

constexpr auto kAgainst = ObjectionKind::kObjection;
constexpr auto kOfPaper = ObjectionKind::kComplaint;

Result<OperationAnswer> list_objections(const OperationCall& call) {
  return list_kind(call, kAgainst);
}
Result<OperationAnswer> show_objection(const OperationCall& call) {
  return show_kind(call, kAgainst);
}
Result<OperationAnswer> take_objection(const OperationCall& call) {
  return do_step(call, kAgainst, ObjectionStep::kTake, "take");
}
Result<OperationAnswer> confirm_objection(const OperationCall& call) {
  return do_step(call, kAgainst, ObjectionStep::kConfirm, "confirm");
}
Result<OperationAnswer> correct_objection(const OperationCall& call) {
  return do_step(call, kAgainst, ObjectionStep::kCorrect, "correct");
}
Result<OperationAnswer> withdraw_objection(const OperationCall& call) {
  return do_step(call, kAgainst, ObjectionStep::kWithdraw, "withdraw");
}
Result<OperationAnswer> list_complaints(const OperationCall& call) {
  return list_kind(call, kOfPaper);
}
Result<OperationAnswer> show_complaint(const OperationCall& call) {
  return show_kind(call, kOfPaper);
}
Result<OperationAnswer> take_complaint(const OperationCall& call) {
  return do_step(call, kOfPaper, ObjectionStep::kTake, "take");
}
Result<OperationAnswer> uphold_complaint(const OperationCall& call) {
  return do_step(call, kOfPaper, ObjectionStep::kUphold, "uphold");
}
Result<OperationAnswer> reject_complaint(const OperationCall& call) {
  return do_step(call, kOfPaper, ObjectionStep::kReject, "reject");
}
Result<OperationAnswer> withdraw_complaint(const OperationCall& call) {
  return do_step(call, kOfPaper, ObjectionStep::kWithdraw, "withdraw");
}

constexpr Parameter kObjection{"objection", ParameterType::kNumber, true, true,
                               "the objection's number"};
constexpr Parameter kComplaint{"complaint", ParameterType::kNumber, true, true,
                               "the complaint's number"};
constexpr Parameter kObjectionState{"state", ParameterType::kText, false, false,
                                    "open (when not given), all, or a state as `taken`"};
constexpr Parameter kOfUnit{"unit", ParameterType::kText, false, false,
                            "only of this issuing unit or unit that asked for paper"};
constexpr Parameter kOverdue{"overdue", ParameterType::kFlag, false, false,
                             "yes: only overdue ones"};

}  // namespace

std::vector<Operation> objection_operations() {
  return {
      {"complaints",
       "list",
       Effect::kReads,
       kLookers,
       "complaints that paper was asked for in vain; overdue ones first",
       {kObjectionState, kOfUnit, kOverdue, kLimit},
       &list_complaints},
      {"complaints",
       "show",
       Effect::kReveals,
       kReviewers,
       "one of them with its text and what became of it",
       {kComplaint},
       &show_complaint},
      {"complaints",
       "take",
       Effect::kChanges,
       kReviewers,
       "look into it, or take it over from another reviewer",
       {kComplaint, kReason},
       &take_complaint},
      {"complaints",
       "uphold",
       Effect::kChanges,
       kReviewers,
       "it was so: paper should not have been asked for",
       {kComplaint, kReason},
       &uphold_complaint},
      {"complaints",
       "reject",
       Effect::kChanges,
       kReviewers,
       "it was not so",
       {kComplaint, kReason},
       &reject_complaint},
      {"complaints",
       "withdraw",
       Effect::kChanges,
       kReviewers,
       "whoever raised it does not want it any more, and says so outside",
       {kComplaint, kReason},
       &withdraw_complaint},
      {"objections",
       "list",
       Effect::kReads,
       kLookers,
       "objections against certificates; overdue ones first",
       {kObjectionState, kOfUnit, kOverdue, kLimit},
       &list_objections},
      {"objections",
       "show",
       Effect::kReveals,
       kReviewers,
       "one of them with its text and what became of it",
       {kObjection},
       &show_objection},
      {"objections",
       "take",
       Effect::kChanges,
       kReviewers,
       "look into it, or take it over from another reviewer",
       {kObjection, kReason},
       &take_objection},
      {"objections",
       "confirm",
       Effect::kChanges,
       kReviewers,
       "the certificate was checked and stays as it is",
       {kObjection, kReason},
       &confirm_objection},
      {"objections",
       "correct",
       Effect::kChanges,
       kReviewers,
       "the certificate was replaced: by a new version, or by another one",
       {kObjection,
        {"version", ParameterType::kText, false, false, "the version that replaces it"},
        {"number", ParameterType::kText, false, false,
         "the number of the certificate that replaces it", true},
        kReason},
       &correct_objection},
      {"objections",
       "withdraw",
       Effect::kChanges,
       kReviewers,
       "whoever raised it does not want it any more, and says so outside",
       {kObjection, kReason},
       &withdraw_objection},
  };
}

}  // namespace certbridge::host

#include "objections/objection_records.h"

#include <charconv>

#include "access/policy/decision.h"

namespace certbridge::host {
namespace {

// Where the record's key is gone and nothing says by when.
constexpr std::chrono::days kDaysUnknown{15};
constexpr std::chrono::hours kBeijing{8};

std::optional<Timestamp> time_in(const std::string& text) {
  std::int64_t milliseconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return {};
  return Timestamp(std::chrono::milliseconds(milliseconds));
}

ObjectionRaiser raiser_of(const AccessRecord& record, const Caller& caller) {
  ObjectionRaiser raiser{record.system, record.unit, {}, record.person, {}};
  if (!caller.person) return raiser;
  raiser.issuer = caller.person->issuer;
  if (caller.person->himself) raiser.holder = caller.person->himself->code;
  return raiser;
}

void take_statements(Objection& objection, const std::vector<StatedText>& statements) {
  for (const StatedText& one : statements) {
    if (one.name == objection_words::kField) objection.fields.push_back(one.value);
    if (one.name == objection_words::kUnit) objection.demanded_by = one.value;
  }
  if (const auto due = time_in(statement_in(statements, objection_words::kDue))) {
    objection.due = *due;
  }
}

}  // namespace

std::string statement_in(const std::vector<StatedText>& statements, std::string_view name) {
  for (const StatedText& one : statements) {
    if (one.name == name) return one.value;
  }
  return {};
}

std::vector<StatedText> statements_of(const AccessRecord& record) {
  auto inputs = parse_inputs(record.inputs);
  return inputs ? std::move(inputs.value().request.statements) : std::vector<StatedText>();
}

bool raises_objection(const AccessRecord& record) {
  return (record.kind == AccessKind::kObjection || record.kind == AccessKind::kComplaint) &&
         record.decision == AccessDecision::kAllowed && record.result == kRaised;
}

Objection objection_of(std::uint64_t number, const AccessRecord& record) {
  Objection objection;
  objection.number = number;
  objection.kind =
      record.kind == AccessKind::kComplaint ? ObjectionKind::kComplaint : ObjectionKind::kObjection;
  objection.raised = record.asked;
  objection.due = due_after(record.asked, kDaysUnknown);
  objection.type = record.certificate_type;
  objection.issuer = record.issuer;
  objection.number_of = record.certificate_number;
  objection.identifier = record.certificate;
  objection.holder = record.holder;
  const auto inputs = parse_inputs(record.inputs);
  const Caller nobody;
  objection.raiser = raiser_of(record, inputs ? inputs.value().request.caller : nobody);
  if (inputs) take_statements(objection, inputs.value().request.statements);
  return objection;
}

void apply_step(Objection& objection, std::uint64_t number, const AccessRecord& step) {
  const auto state = objection_state(step.result);
  const auto what = state ? step_to(*state) : std::nullopt;
  if (!what || step.refers_to != objection.number) return;
  const auto then = state_after(objection.kind, objection.state, *what);
  if (!then) return;
  objection.state = then.value();
  objection.records.push_back(number);
  if (*what == ObjectionStep::kTake) objection.reviewer = step.person;
  if (has_ended(objection.state)) objection.ended = step.asked;
}

void fill_step(AccessRecord& step, const Objection& about, const std::string& result) {
  step.kind = AccessKind::kObjectionStep;
  step.refers_to = about.number;
  step.result = result;
  step.certificate_type = about.type;
  step.issuer = about.issuer;
  step.certificate_number = about.number_of;
  step.certificate = about.identifier;
  step.holder = about.holder;
}

Timestamp due_after(Timestamp raised, std::chrono::days days) {
  const auto day = std::chrono::floor<std::chrono::days>(raised + kBeijing);
  return day + days + std::chrono::days(1) - kBeijing;
}

}  // namespace certbridge::host

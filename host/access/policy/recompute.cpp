#include "access/policy/recompute.h"

#include "access/policy/access_policy.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

class Inputs {
 public:
  void open(const std::string& name, const std::string& value) { add(name, value, false, {}); }
  void closed(const std::string& name, const std::string& value, Mask mask) {
    add(name, value, true, mask);
  }
  void flag(const std::string& name, bool is_set) { open(name, is_set ? "yes" : ""); }
  void open(const std::string& name, const std::vector<std::string>& values) {
    for (const std::string& value : values) open(name, value);
  }
  void holder(const std::string& name, const std::optional<QueriedHolder>& holder) {
    if (!holder) return;
    closed(name + ".name", holder->name, Mask::kName);
    open(name + ".code-type", holder->code_type);
    closed(name + ".code", holder->code, Mask::kNumber);
  }
  std::vector<NamedInput> all() { return std::move(all_); }

 private:
  void add(const std::string& name, const std::string& value, bool personal, Mask mask) {
    if (!value.empty()) all_.push_back({name, value, personal, mask});
  }
  std::vector<NamedInput> all_{};
};

void add_person(const std::optional<AssertedPerson>& person, Inputs& inputs) {
  if (!person) return;
  inputs.open("person.issuer", person->issuer);
  inputs.closed("person.id", person->id, Mask::kAll);
  inputs.open("person.level", person->level);
  inputs.open("person.roles", person->roles);
  inputs.open("person.unit", person->unit);
  inputs.holder("person.himself", person->himself);
}

void add_request(const AccessRequest& it, Inputs& inputs) {
  inputs.open("kind", to_text(it.kind));
  inputs.open("when", to_iso8601(it.when));
  inputs.open("system", it.caller.system);
  inputs.open("unit", it.caller.unit);
  add_person(it.caller.person, inputs);
  inputs.open("role", it.role);
  inputs.open("ground.kind", it.ground_kind);
  inputs.closed("ground.number", it.ground, Mask::kAll);
  inputs.flag("ground.provisional", it.provisional);
  inputs.open("authorisation", it.authorisation);
  inputs.open("purpose", it.purpose);
  inputs.holder("holder", it.holder);
  inputs.closed("identifier", it.identifier, Mask::kAll);
  inputs.closed("number", it.number, Mask::kAll);
  inputs.open("types", it.types);
  inputs.flag("original-file", it.original_file);
}

void add_case(const CaseFacts& facts, Inputs& inputs) {
  inputs.open("case.known", facts.known ? "yes" : "no");
  inputs.closed("case.number", facts.case_no, Mask::kAll);
  inputs.closed("case.provisional-number", facts.provisional_no, Mask::kAll);
  inputs.flag("case.provisional", facts.provisional);
  inputs.open("case.open", facts.open ? "yes" : "no");
  inputs.open("case.started", to_iso8601(facts.started));
  inputs.open("case.area", facts.area);
  inputs.open("case.unit", facts.unit);
  inputs.open("case.item", facts.item);
  for (const std::string& handler : facts.handlers) {
    inputs.closed("case.handlers", handler, Mask::kAll);
  }
  inputs.open("case.materials", facts.materials);
  for (const CaseParty& party : facts.parties) {
    inputs.holder("case.parties." + to_word(party.role), party.who);
  }
}

void compare(const char* what, const std::string& recorded, const std::string& now,
             std::vector<std::string>& differences) {
  if (recorded == now) return;
  differences.push_back(std::string(what) + ": the record says `" + recorded + "`, its inputs `" +
                        now + "`");
}

void compare_personal(const char* what, const std::string& recorded, const std::string& now,
                      std::vector<std::string>& differences) {
  if (recorded != now) differences.push_back(std::string(what) + " is another than in its inputs");
}

// What the record says of itself, beside what the decision was made of. Where a source named the
// certificate, its number and identifier are the source's, and so they are not compared.
std::vector<std::string> differences_of(const AccessRecord& record, const AccessRequest& request,
                                        const Decision& decision) {
  std::vector<std::string> differences;
  compare("code", record.code, decision.code, differences);
  const bool allowed = record.decision == AccessDecision::kAllowed;
  compare("decision", allowed ? "allowed" : "denied", decision.allowed ? "allowed" : "denied",
          differences);
  // What no record can keep was left out of the inputs: only the code tells.
  if (decision.code == "inputs.unfit") return differences;
  compare("kind", to_text(record.kind), to_text(request.kind), differences);
  compare("system", record.system, request.caller.system, differences);
  compare("unit", record.unit, request.caller.unit, differences);
  compare("role", record.role, request.role, differences);
  compare("ground", record.ground_kind, request.ground_kind, differences);
  compare("purpose", record.purpose, request.purpose, differences);
  const auto& person = request.caller.person;
  compare_personal("person", record.person, person ? person->id : std::string(), differences);
  compare_personal("number of the ground", record.ground, request.ground, differences);
  if (request.holder) {
    compare_personal("holder", record.holder, request.holder->code, differences);
  }
  return differences;
}

}  // namespace

std::vector<NamedInput> named_inputs(const DecisionInputs& of) {
  Inputs inputs;
  add_request(of.request, inputs);
  inputs.open("case.trouble", of.facts.case_trouble);
  inputs.open("uses", of.facts.uses_known ? std::to_string(of.facts.uses) : "unknown");
  if (of.facts.case_facts) add_case(*of.facts.case_facts, inputs);
  return inputs.all();
}

std::string policy_digest(std::string_view version) {
  const std::size_t at = version.rfind("sm3:");
  return at == std::string_view::npos ? std::string() : std::string(version.substr(at));
}

bool is_by_a_limit(const AccessRecord& record) { return record.code.starts_with("limit."); }

Result<Recomputed> recompute(const AccessPolicy& policy, const AccessRecord& record) {
  if (record.inputs.empty()) {
    return Error::permanent("access.no_inputs", "the record keeps no inputs of a decision");
  }
  if (policy_digest(policy.version()) != policy_digest(record.policy)) {
    return Error::permanent("access.other_policy",
                            "the record was decided by the policy " + record.policy);
  }
  auto inputs = parse_inputs(record.inputs);
  if (!inputs) return inputs.error();
  Recomputed made;
  made.inputs = std::move(inputs).value();
  made.decision = decide(policy, made.inputs.request, made.inputs.facts);
  made.differences = differences_of(record, made.inputs.request, made.decision);
  return made;
}

}  // namespace certbridge::host

#include "access/policy/decision_inputs.h"

#include <algorithm>
#include <initializer_list>

#include "access/policy/decision_codes.h"
#include "access/policy/inputs_xml.h"
#include "access/policy/same_holder.h"
#include "certbridge/text.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLongestRecorded = 1024;  // bytes; what AccessRecord takes
constexpr std::size_t kMostStatements = 100;
constexpr std::size_t kLongestStatement = 4096;  // bytes
constexpr std::size_t kLongestKept = 256;        // bytes; no name of a policy is as long

// Not proper, or too long: left out.
std::string kept(const std::string& text) {
  return text.size() <= kLongestKept && check_text(text) ? text : std::string();
}

AccessRequest without_what_cannot_be_kept(const AccessRequest& request) {
  AccessRequest rest;
  rest.kind = request.kind;
  rest.when = request.when;
  rest.provisional = request.provisional;
  rest.original_file = request.original_file;
  rest.caller.system = kept(request.caller.system);
  rest.caller.unit = kept(request.caller.unit);
  rest.role = kept(request.role);
  rest.ground_kind = kept(request.ground_kind);
  rest.ground = kept(request.ground);
  rest.authorisation = kept(request.authorisation);
  rest.purpose = kept(request.purpose);
  rest.identifier = kept(request.identifier);
  rest.number = kept(request.number);
  if (request.caller.person) {
    const AssertedPerson& person = *request.caller.person;
    rest.caller.person = {
        kept(person.issuer), kept(person.id), kept(person.level), {}, kept(person.unit), {}};
  }
  return rest;
}

bool are_short(std::initializer_list<std::string_view> texts) {
  return std::all_of(texts.begin(), texts.end(),
                     [](std::string_view text) { return text.size() <= kLongestRecorded; });
}

bool is_short(const QueriedHolder& holder) {
  return are_short({holder.name, holder.code_type, holder.code});
}

bool is_short(const AssertedPerson& person) {
  return are_short({person.issuer, person.id, person.level, person.unit}) &&
         (!person.himself || is_short(*person.himself));
}

bool are_short(const std::vector<StatedText>& statements) {
  return statements.size() <= kMostStatements &&
         std::all_of(statements.begin(), statements.end(), [](const StatedText& one) {
           return are_short({one.name}) && one.value.size() <= kLongestStatement;
         });
}

bool is_short(const AccessRequest& it) {
  return are_short({it.caller.system, it.caller.unit, it.role, it.ground_kind, it.ground,
                    it.authorisation, it.purpose, it.identifier, it.number}) &&
         are_short(it.statements) && (!it.caller.person || is_short(*it.caller.person)) &&
         (!it.holder || is_short(*it.holder));
}

// Of the case, what can matter to this request under any policy: a record holds nobody else's data.
AccessFacts that_count(const AccessRequest& request, AccessFacts facts) {
  if (!facts.case_facts) return facts;
  const auto& person = request.caller.person;
  std::erase_if(facts.case_facts->handlers,
                [&](const std::string& handler) { return !person || handler != person->id; });
  if (!request.holder) return facts;
  const std::string code = comparable_code(request.holder->code);
  std::erase_if(facts.case_facts->parties,
                [&](const CaseParty& party) { return comparable_code(party.who.code) != code; });
  return facts;
}

std::string all_xml(const AccessRequest& request, const AccessFacts& facts) {
  return inputs_xml(request, that_count(request, facts));
}

bool come_back(const std::string& xml) {
  return xml.size() <= kMostInputBytes && parse_inputs(xml).ok();
}

}  // namespace

bool could_be_kept(const AccessRequest& request) {
  if (!is_short(request)) return false;
  const std::string xml = inputs_xml(request, {});
  return xml.size() <= kMostInputBytes && check_text(xml);
}

KeptInputs kept_inputs(const AccessRequest& request, const AccessFacts& facts) {
  std::string xml = all_xml(request, facts);
  if (is_short(request) && come_back(xml)) {
    return {std::move(xml), facts.case_trouble != kUnfitInputs};
  }
  AccessFacts unfit;
  unfit.case_trouble = kUnfitInputs;
  return {inputs_xml(without_what_cannot_be_kept(request), unfit), false};
}

std::string write_inputs(const AccessRequest& request, const AccessFacts& facts) {
  return kept_inputs(request, facts).xml;
}

Result<DecisionInputs> parse_inputs(std::string_view xml) {
  const Error wrong = Error::permanent(
      "access.inputs", "these are no inputs of a decision as this program writes them");
  if (xml.size() > kMostInputBytes) return wrong;
  auto inputs = read_inputs_xml(xml);
  // What is written otherwise than this was not written here, or came through other hands.
  if (!inputs || all_xml(inputs->request, inputs->facts) != xml) return wrong;
  return std::move(*inputs);
}

}  // namespace certbridge::host

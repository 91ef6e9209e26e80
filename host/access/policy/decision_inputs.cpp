#include "access/policy/decision_inputs.h"

#include "access/policy/decision_codes.h"
#include "access/policy/inputs_xml.h"
#include "certbridge/text.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLongestKept = 256;  // bytes; no name of a policy is as long

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
    rest.caller.person = {kept(person.issuer), kept(person.id), kept(person.level), {},
                          kept(person.unit),   {}};
  }
  return rest;
}

bool come_back(const std::string& xml) {
  return xml.size() <= kMostInputBytes && parse_inputs(xml).ok();
}

}  // namespace

bool are_fit_inputs(const AccessRequest& request, const AccessFacts& facts) {
  return facts.case_trouble != kUnfitInputs && come_back(inputs_xml(request, facts));
}

std::string write_inputs(const AccessRequest& request, const AccessFacts& facts) {
  std::string xml = inputs_xml(request, facts);
  if (come_back(xml)) return xml;
  AccessFacts unfit;
  unfit.case_trouble = kUnfitInputs;
  return inputs_xml(without_what_cannot_be_kept(request), unfit);
}

Result<DecisionInputs> parse_inputs(std::string_view xml) {
  const Error wrong = Error::permanent(
      "access.inputs", "these are no inputs of a decision as this program writes them");
  if (xml.size() > kMostInputBytes) return wrong;
  auto inputs = read_inputs_xml(xml);
  // What is written otherwise than this was not written here, or came through other hands.
  if (!inputs || inputs_xml(inputs->request, inputs->facts) != xml) return wrong;
  return std::move(*inputs);
}

}  // namespace certbridge::host

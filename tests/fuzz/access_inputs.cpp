// Inputs of decisions: what is read has one form, and is decided as before.
#include "access/policy/access_policy.h"
#include "access/policy/decision.h"
#include "fuzz.h"
#include "situations.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

const AccessPolicy& policy() {
  static const auto policy =
      AccessPolicy::parse(source_file("tests/host/access/decisions.xml"), "decisions.xml");
  require(policy.ok(), "the policy of the table is read");
  return *policy.value();
}

void check_inputs(std::string_view input) {
  const auto inputs = parse_inputs(input);
  if (!inputs) return require_refusal(inputs.error(), input);
  const auto& [request, facts] = inputs.value();
  require(write_inputs(request, facts) == input, "inputs have one form");
  (void)decide(policy(), request, facts);
}

// Texts that came from elsewhere: whatever they are, the decision can be made again.
void check_request(std::string_view input) {
  auto it = access_test::situation("case");
  const auto third = input.size() / 3;
  it.request.number = input.substr(0, third);
  it.request.ground_kind = input.substr(third, third);
  it.facts.case_facts->item = input.substr(2 * third);
  const Decision decision = decide(policy(), it.request, it.facts);
  const auto again = parse_inputs(write_inputs(it.request, it.facts));
  require(again.ok(), "inputs that were written are read");
  require(decide(policy(), again.value().request, again.value().facts).code == decision.code,
          "a decision is made again as it was");
}

}  // namespace

std::vector<std::string> samples() {
  std::vector<std::string> samples;
  for (const char* name : {"case", "provisional", "check", "archive", "holder"}) {
    const auto it = access_test::situation(name);
    samples.push_back(write_inputs(it.request, it.facts));
  }
  return samples;
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  check_inputs(text_of(data, size));
  check_request(text_of(data, size));
  return 0;
}

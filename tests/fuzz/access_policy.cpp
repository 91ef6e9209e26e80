// access.xml and callers.xml: whatever is refused is refused in words, and a policy that is read
// denies what it has no ground for.
#include "access/policy/access_policy.h"
#include "access/callers/callers_file.h"
#include "access/policy/decision.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

void check_policy(std::string_view input) {
  const auto policy = AccessPolicy::parse(input, "access.xml");
  if (!policy) return require_refused_file(policy.error());
  AccessRequest request;
  const Decision decision = decide(*policy.value(), request, {});
  require(!decision.allowed && decision.code == "ground.unknown",
          "a request without a ground is denied");
  require(decision.policy == policy.value()->version(), "a decision names its policy");
}

void check_callers(std::string_view input) {
  const auto config = parse_callers(input, "callers.xml");
  if (!config) return require_refused_file(config.error());
  for (const auto& [name, system] : config.value().systems) {
    require(!system.certificate.empty() || !system.key_secret.empty(), "a system proves itself");
  }
}

}  // namespace

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  if (input.find("urn:certbridge:callers:1") != std::string_view::npos) {
    check_callers(input);
  } else {
    check_policy(input);
  }
  return 0;
}

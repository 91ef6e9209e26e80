// Inputs of a decision as XML, urn:certbridge:access-inputs:1: an element for the request, one for
// the facts, and the case as write_case_facts() has it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/policy/decision.h"

namespace certbridge::host {

// Deterministic; what is empty is left out.
std::string inputs_xml(const AccessRequest& request, const AccessFacts& facts);
// Lenient, because whoever calls it compares what he has with what inputs_xml() makes of it.
std::optional<DecisionInputs> read_inputs_xml(std::string_view xml);

}  // namespace certbridge::host

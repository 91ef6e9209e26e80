// What a mapping file may name: sets and their fields, and the words of asked cases.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "mapping.h"

namespace certbridge::registration {

// The fields that the reader understands, by set.
const std::map<std::string, std::set<std::string>, std::less<>>& known_fields();

// What states and roles mean in a mapping with <cases> decides who may look certificates up: no
// word is guessed. Says what is wrong with their tables; empty: nothing.
std::string trouble_with_cases(const Mapping& mapping);

}  // namespace certbridge::registration

// Requests and facts that decisions.txt begins with, and the changes that its rows make to them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "access/policy/decision.h"

namespace certbridge::host::access_test {

struct Situation {
  AccessRequest request{};
  AccessFacts facts{};
};

// "case", "provisional", "check", "any-case", "objection", "inspection", "court", "archive",
// "holder", "duty": each is allowed as it is. Throws std::out_of_range for another name.
Situation situation(const std::string& name);

// "level=password", "holder=none", "types=title,id-card". Short words stand for the codes of types,
// units and holders. Throws std::out_of_range for a change that is not known.
void change(Situation& situation, const std::string& what);
// Several, separated by semicolons; none in an empty text.
Situation changed(Situation situation, const std::string& changes);

std::vector<std::string> split_at(const std::string& text, char separator);  // parts are trimmed
// "title" as its code; another text as it is.
std::string type_named(const std::string& word);
QueriedHolder holder_named(const std::string& word);
std::string text_of_file(const std::string& path);  // below the root of the sources
Timestamp time_of(const std::string& text);

}  // namespace certbridge::host::access_test

// The elements of access.xml into AccessPolicy::Parts.
#pragma once

#include "access/policy/access_policy_parts.h"
#include "access/policy/policy_findings.h"
#include "certbridge/xml.h"

namespace certbridge::host {

// `root` fits the schema. What does not make sense all the same goes to `findings`.
void read_policy(const XmlElement& root, AccessPolicy::Parts& parts, PolicyFindings& findings);

// Parts of it, each a file. The elements that a ground names are in `parts` already.
void read_purpose(const XmlElement& at, AccessPolicy::Parts& parts, PolicyFindings& findings);
void read_ground(const XmlElement& at, AccessPolicy::Parts& parts, PolicyFindings& findings);
void read_authorisation(const XmlElement& at, AccessPolicy::Parts& parts, PolicyFindings& findings);

// Words of an attribute that are separated by blanks; none when it is not there.
std::vector<std::string> words_in(const XmlElement& at, std::string_view attribute);
bool is_yes(const XmlElement& at, std::string_view attribute, bool otherwise);
Period read_period(const XmlElement& at, PolicyFindings& findings);
// `words` that `known` does not have are findings: `what` is "purpose", "ground".
template <class Map>
void check_known(const XmlElement& at, const Words& words, const Map& known, const char* what,
                 PolicyFindings& findings) {
  for (const std::string& word : words) {
    if (known.contains(word)) continue;
    std::vector<std::string> names;
    names.reserve(known.size());
    for (const auto& one : known) names.push_back(one.first);
    findings.add("policy.unknown", at, "there is no " + std::string(what) + " `" + word + "`",
                 did_you_mean(word, names));
  }
}

}  // namespace certbridge::host

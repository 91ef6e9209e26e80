#include <algorithm>
#include <array>

#include "access/policy/policy_reader.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

constexpr std::array<std::string_view, 7> kKindWords{"case",    "objection", "inspection", "court",
                                                     "archive", "holder",    "duty"};

Words set_in(const XmlElement& at, std::string_view attribute) {
  const auto words = words_in(at, attribute);
  return {words.begin(), words.end()};
}

GroundKind kind_in(const XmlElement& at) {
  const auto found = std::find(kKindWords.begin(), kKindWords.end(), at.attribute_or_empty("kind"));
  return static_cast<GroundKind>(found - kKindWords.begin() + 1);
}

std::set<AccessKind> accesses_in(const XmlElement& at) {
  std::set<AccessKind> accesses;
  for (const std::string& word : words_in(at, "accesses")) {
    if (const auto kind = access_kind(word)) accesses.insert(*kind);
  }
  return accesses;
}

GrantedBy granted_by(const XmlElement& who) {
  const std::string word = who.attribute_or_empty("by");
  if (word == "authorisation") return GrantedBy::kAuthorisation;
  return word == "either" ? GrantedBy::kEither : GrantedBy::kDuty;
}

GroundUsers read_users(const XmlElement& who, const AccessPolicy::Parts& parts,
                       PolicyFindings& findings) {
  GroundUsers users{set_in(who, "systems"),
                    set_in(who, "units"),
                    set_in(who, "issuers"),
                    set_in(who, "roles"),
                    who.attribute_or_empty("level"),
                    is_yes(who, "person", true),
                    granted_by(who)};
  if (!users.level.empty() && !parts.level(users.level)) {
    findings.add("policy.unknown", who, "there is no level `" + users.level + "`",
                 did_you_mean(users.level, parts.levels));
  }
  if (!users.person_needed &&
      (!users.level.empty() || !users.roles.empty() || !users.issuers.empty())) {
    findings.add("policy.value", who,
                 "without a person there is neither an issuer, nor a role, nor a level",
                 "leave out `issuers`, `roles` and `level`, or person=\"no\"");
  }
  return users;
}

CaseDemands read_demands(const XmlElement& at, const GroundUsers& users, PolicyFindings& findings) {
  CaseDemands demands;
  demands.open = is_yes(at, "open", true);
  demands.handler = is_yes(at, "handler", false);
  demands.issuer = at.attribute_or_empty("handlers-of");
  demands.unit = is_yes(at, "unit", false);
  demands.materials = is_yes(at, "materials", true);
  demands.names = is_yes(at, "names", false);
  for (const std::string& word : words_in(at, "parties")) {
    if (const auto role = party_role(word)) demands.roles.insert(*role);
  }
  if (const auto minutes = parse_integer(at.attribute_or_empty("provisional-minutes"))) {
    demands.provisional = std::chrono::minutes(*minutes);
  }
  if (demands.handler && !users.person_needed) {
    findings.add("policy.value", at,
                 "a handler of the case is a person, and this ground needs none",
                 "leave out handler=\"yes\", or person=\"no\" of <who>");
  }
  return demands;
}

// Each kind has the proof that belongs to it, and no other.
void check_proof(const XmlElement& at, const Ground& ground, PolicyFindings& findings) {
  const bool by_case = ground.kind == GroundKind::kCase;
  const bool by_duty = ground.kind == GroundKind::kDuty;
  const bool by_number = !by_case && !by_duty && ground.kind != GroundKind::kHolder;
  const auto check = [&](const char* name, bool wanted) {
    const auto found = at.children_named(name).size();
    if (found == (wanted ? 1U : 0U)) return;
    findings.add("policy.value", at,
                 "a ground of the kind `" + at.attribute_or_empty("kind") + "` has " +
                     (wanted ? "one <" : "no <") + name + ">",
                 {});
  };
  check("case", by_case);
  check("number", by_number);
  if (ground.kind == GroundKind::kHolder &&
      (!ground.users.person_needed || ground.users.level.empty())) {
    findings.add("policy.value", at, "a holder asks about himself, and has to prove who he is",
                 "give <who> a `level`, and no person=\"no\"");
  }
  const GroundUsers& users = ground.users;
  if (by_duty &&
      (users.issuers.empty() || users.roles.empty() || users.granted_by != GrantedBy::kDuty)) {
    findings.add("policy.value", at, "a duty is that of roles, and of whoever knows who has them",
                 "give <who> `issuers` and `roles`, and no `by`");
  }
}

// Nobody else is told who used a holder's certificates.
void check_own_uses(const XmlElement& at, const Ground& ground, PolicyFindings& findings) {
  if (ground.kind == GroundKind::kHolder || !ground.accesses.contains(AccessKind::kOwnUses)) return;
  findings.add("policy.value", at, "`own-uses` is an access of the holder himself",
               "leave it out, or give it to a ground of the kind `holder`");
}

void read_number(const XmlElement& at, Ground& ground, PolicyFindings& findings) {
  auto pattern = NumberPattern::parse(at.attribute_or_empty("pattern"));
  if (!pattern) return findings.add("policy.value", at, pattern.error().message, {});
  ground.number = std::move(pattern).value();
}

}  // namespace

void read_ground(const XmlElement& at, AccessPolicy::Parts& parts, PolicyFindings& findings) {
  Ground ground;
  ground.name = at.attribute_or_empty("name");
  ground.kind = kind_in(at);
  ground.accesses = accesses_in(at);
  ground.purposes = set_in(at, "purposes");
  ground.types = TypeScope::of_words(words_in(at, "types"));
  ground.holder_needed = is_yes(at, "holder", false);
  ground.office_hours = is_yes(at, "office-hours", false);
  ground.shown_to_holder = is_yes(at, "shown-to-holder", true);
  ground.period = read_period(at, findings);
  if (const auto uses = parse_integer(at.attribute_or_empty("uses"))) {
    ground.most_uses = static_cast<std::uint64_t>(*uses);
  }
  for (const XmlElement& child : at.children) {
    if (child.name == "who") ground.users = read_users(child, parts, findings);
    if (child.name == "case") ground.demands = read_demands(child, ground.users, findings);
    if (child.name == "number") read_number(child, ground, findings);
  }
  check_known(at, ground.purposes, parts.purposes, "purpose", findings);
  check_proof(at, ground, findings);
  check_own_uses(at, ground, findings);
  const std::string name = ground.name;
  if (!parts.grounds.emplace(name, std::move(ground)).second) {
    findings.add("policy.value", at, "there are two grounds `" + name + "`", {});
  }
}

void read_authorisation(const XmlElement& at, AccessPolicy::Parts& parts,
                        PolicyFindings& findings) {
  Authorisation it{set_in(at, "persons"),
                   set_in(at, "units"),
                   set_in(at, "grounds"),
                   set_in(at, "purposes"),
                   TypeScope::of_words(words_in(at, "types")),
                   read_period(at, findings)};
  if (it.persons.empty() && it.units.empty()) {
    findings.add("policy.value", at, "nobody is authorised by it",
                 "give `persons`, `units` or both");
  }
  check_known(at, it.grounds, parts.grounds, "ground", findings);
  check_known(at, it.purposes, parts.purposes, "purpose", findings);
  for (const std::string& name : it.grounds) {
    const Ground* ground = parts.ground(name);
    if (ground == nullptr || ground->users.granted_by != GrantedBy::kDuty) continue;
    findings.add("policy.value", at, "the ground `" + name + "` is used by duty only",
                 "give its <who> by=\"either\" or by=\"authorisation\"");
  }
  const std::string id = at.attribute_or_empty("id");
  if (!parts.authorisations.emplace(id, std::move(it)).second) {
    findings.add("policy.value", at, "there are two authorisations `" + id + "`", {});
  }
}

}  // namespace certbridge::host

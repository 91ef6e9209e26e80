// What access.xml holds, for this folder alone: plain values, checked when they were read.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "access/policy/access_policy.h"
#include "access/policy/access_times.h"
#include "access/policy/masks.h"
#include "access/policy/number_pattern.h"
#include "access/policy/patterns.h"
#include "access/policy/type_scope.h"
#include "access/records/access_record.h"
#include "certbridge/query.h"

namespace certbridge::host {

using Words = std::set<std::string, std::less<>>;

// Closed: what proves each of them is code.
enum class GroundKind : std::uint8_t {
  kCase = 1,       // facts of a case
  kObjection = 2,  // these four: a number of the configured form
  kInspection = 3,
  kCourt = 4,
  kArchive = 5,
  kHolder = 6,  // the assertion names the person as the holder
  kDuty = 7,    // of whoever works at the host itself: he says why
};

// How a person comes to use a ground.
enum class GrantedBy : std::uint8_t { kDuty = 1, kAuthorisation = 2, kEither = 3 };

// Who may use a ground; an empty list leaves its condition out.
struct GroundUsers {
  Words systems{};
  Words units{};
  Words issuers{};  // of assertions about the person
  Words roles{};
  std::string level{};  // the least; empty: any
  bool person_needed = true;
  GrantedBy granted_by = GrantedBy::kDuty;
};

// What of a case has to be so.
struct CaseDemands {
  bool open = true;
  bool handler = false;
  std::string issuer{};  // whose persons the handlers are; empty: any
  bool unit = false;
  bool materials = true;
  bool names = false;  // a holder's name counts as well as his code
  std::set<PartyRole> roles{};
  std::optional<std::chrono::minutes> provisional{};  // nothing: no provisional numbers
};

struct Ground {
  std::string name{};
  GroundKind kind = GroundKind::kCase;
  std::set<AccessKind> accesses{};
  Words purposes{};
  TypeScope types{};
  GroundUsers users{};
  CaseDemands demands{};                  // of kCase
  std::optional<NumberPattern> number{};  // of those that are proved by a number
  bool holder_needed = false;
  Period period{};
  bool office_hours = false;                 // only within them
  std::optional<std::uint64_t> most_uses{};  // of one number by one unit
  bool shown_to_holder = true;               // uses by it are among those that a holder sees
};

struct Purpose {
  bool original_file = false;
  // By type code, "*" for those without a list of their own: what leaves, and how.
  std::map<std::string, std::map<std::string, Mask, std::less<>>, std::less<>> fields{};

  // Null: nothing leaves of a certificate of this type.
  const std::map<std::string, Mask, std::less<>>* fields_of(std::string_view type) const;
};

// Somebody may use grounds that are not his duty. Every list that is given has to fit.
struct Authorisation {
  Words persons{};  // "issuer/id"
  Words units{};
  Words grounds{};
  Words purposes{};
  TypeScope types{};
  Period period{};
};

// Wins over everything.
struct Denials {
  Words systems{};
  Words persons{};  // "issuer/id"
  Words units{};
  Words types{};
};

struct AccessPolicy::Parts {
  std::string version{};
  std::vector<std::string> levels{};  // weakest first
  OfficeHours office_hours{};
  PatternSettings patterns{};
  ObjectionDays objection_days{};
  std::map<std::string, Purpose, std::less<>> purposes{};
  std::map<std::string, Ground, std::less<>> grounds{};
  std::map<std::string, Authorisation, std::less<>> authorisations{};
  Denials denials{};

  const Ground* ground(std::string_view name) const;
  const Purpose* purpose(std::string_view name) const;
  // Place in `levels`; nothing for one that is not there.
  std::optional<std::size_t> level(std::string_view name) const;
};

}  // namespace certbridge::host

// What is asked for and by whom, once the caller is known: what a decision is made of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/records/access_record.h"
#include "certbridge/query.h"

namespace certbridge::host {

// The person behind a calling system, as a signed assertion of a configured issuer names him.
struct AssertedPerson {
  std::string issuer{};              // as the configuration names it
  std::string id{};                  // the issuer's own, never a citizen's number
  std::string level{};               // how he proved himself: "password", "ukey", "face"
  std::vector<std::string> roles{};  // of architecture.md: "clerk", "inspector"…
  std::string unit{};                // credit code
  // Set when he asks as a holder about himself: then the level is at least the ground's.
  std::optional<QueriedHolder> himself{};
};

// A system that has proved who it is, and the person behind it.
struct Caller {
  std::string system{};  // as the configuration names it
  std::string unit{};    // credit code of the using unit
  std::optional<AssertedPerson> person{};
};

// What is stated besides, as the text of an objection. No condition looks at it.
struct StatedText {
  std::string name{};
  std::string value{};
  bool operator==(const StatedText&) const = default;
};

// One access that somebody wants.
struct AccessRequest {
  AccessKind kind = AccessKind::kQuery;
  Caller caller{};
  std::string role{};           // under which he asks: one of the person's
  std::string ground_kind{};    // name of a ground of the policy: "case", "inspection"…
  std::string ground{};         // its number
  bool provisional = false;     // of a case: the number was given before acceptance
  std::string authorisation{};  // id of an authorisation; empty: by duty
  std::string purpose{};        // name of a purpose of the policy
  // What about: a holder, or one certificate; the types that are wanted (empty: all that the
  // decision allows).
  std::optional<QueriedHolder> holder{};
  std::string identifier{};
  std::string number{};
  std::vector<std::string> types{};
  bool original_file = false;  // the file as it is instead of an annotated copy
  Timestamp when{};
  std::vector<StatedText> statements{};  // at most 100, values of at most 4096 bytes
};

}  // namespace certbridge::host

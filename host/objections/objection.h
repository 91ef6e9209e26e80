// An objection or a complaint, as its access records tell of it. What was written in it stays in
// the records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "certbridge/message.h"
#include "objections/objection_states.h"

namespace certbridge::host {

// Who raised it: known again by what is not empty here.
struct ObjectionRaiser {
  std::string system{};  // the calling system
  std::string unit{};    // using unit
  std::string issuer{};  // of the assertion about the person
  std::string person{};  // the issuer's id of him
  std::string holder{};  // code of the holder that he himself is
};

struct Objection {
  std::uint64_t number = 0;  // of the access record that raised it
  ObjectionKind kind = ObjectionKind::kObjection;
  ObjectionState state = ObjectionState::kRaised;
  Timestamp raised{};
  Timestamp due{};                   // open from then on: overdue
  std::optional<Timestamp> ended{};  // when it had its outcome
  ObjectionRaiser raiser{};
  // The certificate; personal parts are empty once the holder's keys are destroyed.
  std::string type{};
  std::string issuer{};       // code of the issuing unit: who is to look into it; may be unknown
  std::string number_of{};    // its number, normalised
  std::string identifier{};   // its identifier
  std::string holder{};       // code
  std::string demanded_by{};  // a complaint: the unit that asked for paper, where it is told
  std::vector<std::string> fields{};  // an objection: what of it is not so; empty: it does not say
  std::string reviewer{};             // who has taken it
  std::vector<std::uint64_t> records{};  // of its steps, in order

  bool is_overdue(Timestamp now) const { return !ended && now >= due; }
};

}  // namespace certbridge::host

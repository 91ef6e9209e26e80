// The register of certificates as values.
#pragma once

#include <cstdint>

#include "certbridge/life.h"
#include "certbridge/message.h"

namespace certbridge::host {

// A certificate in the register: who it is and how it stands, kept for good.
struct RegisteredCertificate {
  OrderKey key{};     // of kind "certificate"
  LifeRecord life{};  // its word is what counterparts are told, see told_word()
  int version = 0;    // of its number; 0: a tombstone, it never was electronic here
  // Its word is not what counterparts take a certificate for that they just collected: once it is,
  // they are told. True until an event, or the register itself, does so.
  bool tell_when_collected = false;
  std::uint64_t revision = 0;  // counts changes; 0: not in the register
};
// Fails with "journal.state_changed" when the row is not at `after.revision` any more (0: when
// there is one by now).
struct RegisterChange {
  RegisteredCertificate after{};
};

// What a delivery says of its certificate once it is delivered: its library has it.
struct Collects {
  OrderKey certificate{};
  int version = 0;  // 0: it says nothing
};

// What a delivery does to a certificate at its counterpart. The rules of parked_head.cpp look at
// it.
struct Bearing {
  enum class Kind : std::uint8_t {
    kNone = 0,    // it is not about one certificate, or only reports
    kTells = 1,   // of a change that leaves the certificate in being
    kIssues = 2,  // a version of it
    kEnds = 3,    // it is cancelled, revoked, abolished or voided
  };
  Kind kind = Kind::kNone;
  OrderKey certificate{};
};

// The source of what the register hands to itself: events that follow from others, as messages of
// type "certificate.event".
inline constexpr const char* kRegisterSource = "register";

}  // namespace certbridge::host

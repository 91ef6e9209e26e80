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
  // they are told.
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

// The source of what the register hands to itself: events that follow from others, as messages of
// type "certificate.event".
inline constexpr const char* kRegisterSource = "register";

}  // namespace certbridge::host

// The register of certificates as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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

// What becomes of the earlier certificates of a change (docs/life.md).
enum class ChangePolicy : std::uint8_t {
  kAtBooking = 1,  // the right has passed: ended when it is booked, whatever becomes of the new
  kAfterCollection = 2,  // a replacement: ended once all new ones are collected
};
// A certificate of a change: number, type code, issuer and area, and its identifier where it has
// one. It need not be in the register.
struct LinkedCertificate {
  OrderKey key{};
  LifeRecord who{};
};
// What one message says of a change, which is a set of earlier certificates and new ones made by
// one case; adds to what others said of it.
struct LinkedChange {
  std::string area{};
  std::string case_no{};
  ChangePolicy policy = ChangePolicy::kAtBooking;
  std::string reason{};  // as counterparts are told it: "更正换证"
  std::vector<LinkedCertificate> earlier{};
  std::vector<LinkedCertificate> later{};
};

// The end of a term was dealt with; `expire`: the certificate expires by it. Left alone when its
// row is not at this revision any more.
struct TermDecision {
  OrderKey certificate{};
  std::uint64_t revision = 0;
  bool expire = false;
};
// Up to which day ends of terms were dealt with, and under which policy. Another policy takes up
// again what was only noted under the one before.
struct TermsNote {
  std::string policy{};                        // what the configuration says, in one text
  std::optional<std::chrono::sys_days> day{};  // local
};

// The source of what the register hands to itself: events that follow from others, as messages of
// type "certificate.event".
inline constexpr const char* kRegisterSource = "register";

}  // namespace certbridge::host

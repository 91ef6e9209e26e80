// One access to certificate information, as it is recorded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

enum class AccessKind : std::uint8_t {
  kQuery = 1,           // certificates of a holder, or one by its number
  kFile = 2,            // a certificate's file left
  kVerification = 3,    // a file was verified
  kComparison = 4,      // printed data were compared
  kAvailability = 5,    // whether there is one, before paper is asked for
  kDisplay = 6,         // an operator saw unmasked data
  kRender = 7,          // an operator had a certificate drawn
  kExport = 8,          // an operator took data out
  kPaperAccepted = 9,   // the window took paper; `refers_to` is the query that found nothing
  kFlag = 10,           // an earlier record (`refers_to`) is to be looked at: `code` says why
  kKeysDestroyed = 11,  // of personal parts, for `purpose`; `refers_to` is the first record of them
  kObjection = 12,      // a certificate is objected to; `refers_to` is the access that showed it
  kComplaint = 13,      // paper was asked for although there was a certificate
  kObjectionStep = 14,  // what became of one of these two (`refers_to`): `result` says what
  kOwnUses = 15,        // a holder looked at who used his certificates
  kReference = 16,      // `refers_to` is found by this holder or number of a case as well
};
inline constexpr AccessKind kLastAccessKind = AccessKind::kReference;
std::string to_text(AccessKind kind);  // "paper-accepted"
std::optional<AccessKind> access_kind(std::string_view text);

enum class AccessDecision : std::uint8_t { kAllowed = 1, kDenied = 2 };

// One endpoint that was asked, and what it said ("found", "absent", "unavailable").
struct AskedSource {
  std::string endpoint{};
  std::string outcome{};
  bool operator==(const AskedSource&) const = default;
};

// Texts are UTF-8 of at most 1024 bytes. Those marked personal are encrypted in the record and
// gone once their key is destroyed; nothing else may hold personal data.
struct AccessRecord {
  AccessKind kind = AccessKind::kQuery;
  std::string trace_id{};

  // Who asked.
  std::string system{};  // the calling system, as the configuration names it
  std::string person{};  // personal: who is behind it, as the assertion names him
  std::string role{};    // "clerk"
  std::string level{};   // how he proved himself: "password", "ukey", "face"; may be empty
  std::string unit{};    // using unit

  // For whom and what for.
  std::string ground_kind{};  // "case", "objection", "inspection"…
  std::string ground{};       // personal: its number
  std::string purpose{};

  // About what.
  std::string certificate_type{};    // type code
  std::string issuer{};              // code of the issuing unit
  std::string holder{};              // personal: identifier of the holder
  std::string certificate_number{};  // personal: normalised
  std::string certificate{};         // personal: identifier of the certificate

  // What was decided, and from what.
  AccessDecision decision = AccessDecision::kDenied;
  std::string code{};    // why: "case.closed"
  std::string policy{};  // version of the policy
  std::string inputs{};  // personal: what it was decided from, opaque; at most 64 kB

  // What came of it.
  std::vector<AskedSource> sources{};    // in the order asked; at most 32
  std::vector<std::string> disclosed{};  // names of the fields that left; at most 256
  std::string disclosed_digest{};  // personal: SM3 (32 bytes) of what left; empty: nothing did
  std::string result{};            // "found", "absent", "unavailable", "refused"…
  std::uint64_t refers_to = 0;     // number of an earlier record of this node; 0: none

  Timestamp asked{};
  Timestamp decided{};
};

// Where a record lies. `hash` is the digest that the next frame continues.
struct AccessPlace {
  std::string segment{};  // "2026-11-0001"
  std::uint64_t number = 0;
  Sm3Digest hash{};
};

}  // namespace certbridge::host

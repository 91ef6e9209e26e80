// The register of certificates: one row each, for good. docs/adr/0011-register-of-certificates.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "journal/change.h"
#include "journal/store.h"

namespace certbridge::host {

extern const char* const kCertificateQuery;    // by key digest
extern const char* const kCertificateLetters;  // of its columns
// A row of kCertificateQuery that next() found; `digest` is of its key.
RegisteredCertificate to_certificate(const Keyring& keys, Statement& row, const std::string& digest,
                                     const OrderKey& key);

// The column `certificate` of a delivery: empty when it says nothing of one.
std::string encode_collects(const Keyring& keys, const Collects& collects);

// What a row of linked_sets keeps sealed.
struct LinkedRecord {
  std::string area{};
  std::string case_no{};
  std::string reason{};
};
std::string linked_place(const std::string& digest);
std::string linked_member_place(std::int64_t set, const std::string& digest);
std::string encode_linked_record(const LinkedRecord& record);
LinkedRecord decode_linked_record(std::string_view bytes);
LifeRecord open_member(const Keyring& keys, std::int64_t set, const std::string& digest,
                       const std::string& sealed);

// An event that follows from others, as the register hands it to itself.
struct FollowingEvent {
  LifeRecord who{};     // number, type code, issuer, area
  std::string event{};  // a word of LifeEventKind, or "tell"
  std::string cause{};  // with certificate and event it is the key of the ledger: once for all
  Headers headers{};    // what else is said
};

// Everything below runs on the writer's thread, inside its transaction.
std::optional<RegisteredCertificate> read_registered(Change& change, const std::string& digest);
void hand_over(Change& change, const FollowingEvent& wanted);
// linked_sets.cpp
void link(Change& change, const LinkedChange& wanted);
// A certificate of the register has changed: the sets that it belongs to learn of it.
void follow_links(Change& change, const std::string& digest, const RegisteredCertificate& it);
// The end of its term was dealt with.
void decide_term(Change& change, const TermDecision& decision);
void write_terms_note(Change& change, const TermsNote& note);
void change_certificate(Change& change, const RegisterChange& wanted);
// The delivery was delivered: its certificate is in the library. Says nothing of other versions.
void certificate_collected(Change& change, const DeliveryRow& row);
// Its counterpart has rejected it after that, or takes back what it said: it is sealed, and no
// library is known to have it.
void certificate_rejected(Change& change, const DeliveryRow& row);
// Whether it stands so by that, and was not collected again.
bool was_rejected(const RegisteredCertificate& it);

}  // namespace certbridge::host

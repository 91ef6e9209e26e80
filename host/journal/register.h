// The register of certificates: one row each, for good. docs/adr/0011-register-of-certificates.md.
#pragma once

#include <string>

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

// Everything below runs on the writer's thread, inside its transaction.
void change_certificate(Change& change, const RegisterChange& wanted);
// The delivery was delivered: its certificate is in the library. Says nothing of other versions.
void certificate_collected(Change& change, const DeliveryRow& row, const std::string& collects);

}  // namespace certbridge::host

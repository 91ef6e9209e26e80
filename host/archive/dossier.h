// The dossier of one certificate: its messages with steps, deliveries and receipts, how it stands,
// and who saw it.
#pragma once

#include <string>
#include <vector>

#include "access/records/access_reader.h"
#include "archive/package_writer.h"
#include "journal/store.h"

namespace certbridge::host {

struct DossierMessage {
  StoredMessage stored{};
  std::vector<TraceEntry> trace{};
  std::vector<StoredDelivery> deliveries{};
};

struct Dossier {
  std::vector<DossierMessage> messages{};           // in order of acceptance, each once
  std::vector<RegisteredCertificate> registered{};  // of this number, by type and issuer
  std::vector<ReadAccess> accesses{};               // oldest first
};

// What the journal has of a number, in any form: messages about it, what they came from and what
// was made of them. At most 5,000 messages: "archive.too_large" (permanent).
Result<Dossier> collect_dossier(Store& store, const std::string& number);
// The contents of the package, without its end.
Result<void> write_dossier_contents(const PackageManifest& head, const Dossier& dossier,
                                    PackageWriter& package);

}  // namespace certbridge::host

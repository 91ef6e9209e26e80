// The section of an inspection about certificates that were made by an earlier version of their
// type (article 10 of the city's measures): they stay in force, and their issuer sees how many.
#pragma once

#include <vector>

#include "certbridge/certificate_type.h"
#include "journal/store.h"
#include "reports/inspection.h"

namespace certbridge::host {

// Counts the certificates of `types` that are valid now and were made by a version before the
// newest that is approved and in effect at `made`, per type and version. Reads all of the journal
// when such a type has an earlier version, and nothing otherwise. Codes: those of the journal.
Result<InspectionSection> inspect_versions(Store& store, const std::vector<CertificateType>& types,
                                           Timestamp made);

}  // namespace certbridge::host

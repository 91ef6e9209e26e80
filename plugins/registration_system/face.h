// The items on the face of a certificate, put together from the rows of its rights.
#pragma once

#include <vector>

#include "case_rows.h"
#include "certbridge/certificate.h"

namespace certbridge::registration {

// In the order of the mapping's rules; items without content are left out. "registration.date" when
// a term has no readable day.
Result<std::vector<FaceItem>> assemble_face(const Mapping& mapping, CertificateKind kind,
                                            const std::vector<const CaseRow*>& rights);

}  // namespace certbridge::registration

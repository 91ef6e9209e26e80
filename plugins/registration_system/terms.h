// The end of a certificate's term.
#pragma once

#include <string>

#include "case_rows.h"

namespace certbridge::registration {

// The earliest last day of the rights that the certificate shows, "2088-05-31"; empty where the
// mapping names no field, a right has no term, or a term cannot be read: then it has none.
std::string end_of_term(const Mapping& mapping, const CaseRows& rows,
                        const std::string& certificate_id);

}  // namespace certbridge::registration

// Words of a certificate under which its message is found once its body is gone.
#pragma once

#include <vector>

#include "certbridge/message.h"
#include "journal/search_term.h"

namespace certbridge::host {

// Number and name of each holder of a canonical certificate; none for any other body, and for one
// that cannot be read.
std::vector<SearchTerm> search_terms_of(const Message& message);

}  // namespace certbridge::host

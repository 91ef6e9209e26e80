// Certificates of people who do not exist.
#pragma once

#include <string>

#include "certbridge/certificate.h"

namespace certbridge::ofd_compose {

// A flat in Nanyang with one holder; every value fits.
Certificate sample_title();
// A mortgage on it.
Certificate sample_proof();
// Five holders by shares, three units, a long 附记 with line breaks, full-width brackets.
Certificate sample_crowded();
// Valid code of a citizen that no one has: the check character is computed.
HolderCode sample_code(int number);

// A whole PNG file of that size whose pixels say nothing.
std::string sample_png(int width, int height);

}  // namespace certbridge::ofd_compose

// Elements of a document as its files hold them.
#pragma once

#include <string>

#include "certbridge/xml.h"

namespace certbridge::ofd {

// A whole file: every element of the standard has the prefix "ofd", which viewers look for; one of
// another namespace declares its own. Blanks between elements are left out.
std::string file_of(const XmlElement& root);

// Whether it is of the standard's namespace, in its form of 2016 or the one before.
bool is_of_the_standard(const XmlElement& element);

}  // namespace certbridge::ofd

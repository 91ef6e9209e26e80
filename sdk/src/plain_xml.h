// Reads documents of the one form in which write_xml() and its like write them: by far most of what
// is parsed was written a moment before by this program, and setting libxml2 up takes longer than
// to read them.
#pragma once

#include <optional>
#include <string_view>

#include "certbridge/xml.h"

#pragma GCC visibility push(hidden)
namespace certbridge {

// What parse_xml() answers, for a document without declaration, comments, blanks between elements,
// prefixes and line breaks, in UTF-8. Nothing: it is not of this form, or beyond the limits, or
// wrong; libxml2 says which.
std::optional<XmlElement> read_plain_xml(std::string_view bytes, const XmlLimits& limits);

}  // namespace certbridge
#pragma GCC visibility pop

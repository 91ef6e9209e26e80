// Errors of the XML files of this adapter, each with its place.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/xml.h"

namespace certbridge::sql {

// "sql.declaration": "FILE:LINE:COLUMN: reason".
Error wrong_declaration(std::string_view file, const XmlElement& at, const std::string& reason);
// The root of a declaration file; all errors become "sql.declaration".
Result<XmlElement> parse_declaration(std::string_view xml, std::string_view file,
                                     std::string_view root, std::string_view name_space);
// Bytes of a file, at most 1 MB: "sql.declaration".
Result<std::string> read_declaration(const std::string& path);

}  // namespace certbridge::sql

// Reads one XML file of the configuration and holds it against its schema.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "certbridge/xml.h"
#include "config/configuration_error.h"
#include "config/schemas.h"

namespace certbridge::host {

// The whole file, at most `limit` bytes; the error's message is a reason without the file's name.
// "config.no_file", "config.too_large".
Result<std::string> read_file(const std::string& path, std::size_t limit);
// "it cannot be read: Permission denied; run this as the user that runs the host".
std::string why_unread(const std::error_code& problem);

// The document when it is well-formed and fits its schema; otherwise what is wrong is appended to
// `errors`, all of it, with line and column. `file` is what errors call it.
std::optional<XmlElement> check_document(std::string_view bytes, const std::string& file,
                                         SchemaName schema, ConfigurationErrors& errors);
// The same for a file on disk.
std::optional<XmlElement> read_document(const std::string& path, SchemaName schema,
                                        ConfigurationErrors& errors);

// Takes "FILE:LINE:COLUMN: reason" apart, as SDK parsers write it.
ConfigurationError error_from_text(const std::string& file, const std::string& text);

// Words between blanks.
std::vector<std::string> names_in(const std::string& text);

Place place_of(const std::string& file, const XmlElement& element);

}  // namespace certbridge::host

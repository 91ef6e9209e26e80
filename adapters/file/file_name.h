// Names of files as counterparts on any system can hold them: printable ASCII.
#pragma once

#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::file {

// One name: 1 to 200 printable ASCII characters without / \ " : * ? < > |, neither beginning with a
// dot, a hyphen or a blank nor ending in a dot or a blank. "file.name" otherwise.
// Source: FTP servers of front-end hosts disagree on the charset of names (GBK, ISO-8859-1).
Result<void> check_name(std::string_view name);
// A path below the endpoint's folder: up to eight such names joined by slashes.
Result<void> check_path(std::string_view path);
// A proper name as it is; of another every byte that may not stand there, and %, as %XX, cut to 200
// characters: for people and for the error folder.
std::string escaped_name(std::string_view name);

}  // namespace certbridge::file

// Addresses of files that a library hands out, and where they are asked for: a library behind
// another network names itself otherwise than we reach it, and what it names is not believed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::municipal_library {

// An address that begins with `prefix` is asked for at `path` and what follows the prefix.
struct AddressRule {
  std::string prefix{};  // "http://10.1.2.3:8080/temp/"
  std::string path{};    // "/temp/", appended to the base URL of the library
};

// "http://10.1.2.3:8080/temp/ => /temp/", several by blanks. "municipal.option": a prefix is http
// or https with a host, and ends in a slash, as the path does; neither holds a query, a user name,
// a blank, or a segment "." or "..".
Result<std::vector<AddressRule>> read_addresses(std::string_view text);

// The path to ask for. "municipal.file_address" (permanent) for an address that no prefix allows,
// and for one that would leave its prefix by any way of writing it. The message never holds the
// path: it is a key to the file.
Result<std::string> path_of_address(const std::vector<AddressRule>& rules,
                                    std::string_view address);

}  // namespace certbridge::municipal_library

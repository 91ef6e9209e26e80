// Paths inside a package (ST_Loc, GB/T 33190).
#pragma once

#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::ofd {

// The entry name that `location` means when it stands in the file `holder` ("Doc_0/Document.xml"):
// a leading "/" starts at the root, all else at the holder's folder. "." and ".." are resolved.
// Codes, permanent: "ofd.location" (empty, leaves the root, backslash, names a folder).
Result<std::string> resolve_location(std::string_view holder, std::string_view location);

// The folder of an entry name, with a trailing "/" or empty at the root.
std::string folder_of(std::string_view name);

}  // namespace certbridge::ofd

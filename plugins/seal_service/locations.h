// Locations (ST_Loc) inside an OFD package, and which files a document leads to.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "certbridge/result.h"
#include "certbridge/xml.h"
#include "package.h"

namespace certbridge::seal_service {

// The package path (no leading slash) that `location` means when it stands in the file `base`. A
// leading slash is the package's root. Refuses what leaves the root, backslashes and empty names.
Result<std::string> resolve_location(std::string_view base, std::string_view location);

// Parses an XML file of the package. Codes "seal.package" (not there), "seal.xml".
Result<XmlElement> parse_part(const Package& package, const std::string& path);

// All files that OFD.xml leads to, signatures left out. Fails with "seal.reachable" when one of
// them is not in the package or a location leaves it.
Result<std::set<std::string>> reachable_files(const Package& package);

}  // namespace certbridge::seal_service
